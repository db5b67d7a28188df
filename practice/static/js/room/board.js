// @ts-check
// The whiteboard: everybody draws, sealed from page to page. Gone with the last page that shows it, unless saved.

import { HEIGHT, Drawing } from "./drawing.js";
import { all, announce, byId, toast } from "./dom.js";
import { showDone, wireDo } from "./more.js";
import { Paper } from "./paper.js";

const SEND_EVERY = 120;
const REACH = 24;
const LINE = 64;
const MARGIN = 60;

export class Board {
  /** @param {import("./channel.js").Channel} channel @param {import("./roster.js").Roster} roster @param {import("./layout.js").Layout} layout */
  constructor(channel, roster, layout) {
    this.channel = channel;
    this.roster = roster;
    this.layout = layout;
    this.drawing = new Drawing();
    this.paper = new Paper(byId("board-canvas"), this.drawing);
    this.pen = "ink";
    this.number = 0;
    this.isOpen = false;
    /** What was not sent yet. @type {import("./drawing.js").Change[]} */
    this.unsent = [];
    this.timer = 0;
    wireDo("board", () => this.turn());
    this.#tools();
    this.paper.listen({ down: (x, y) => this.#down(x, y), move: (points) => this.#move(points) });
    channel.addEventListener("board", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    channel.addEventListener("ready", (event) => this.#welcome(/** @type {CustomEvent} */ (event).detail.person));
  }

  /** Show it to everybody, or hide it here. */
  turn() {
    this.show(!this.isOpen);
    if (this.isOpen) this.channel.send("board", { open: true, changes: [] });
  }

  /** @param {boolean} open */
  show(open) {
    this.isOpen = open;
    byId("board").hidden = !open;
    showDone("board", open);
    this.layout.cover(open);
    announce(open ? "The whiteboard is open" : "The whiteboard is hidden");
    this.paper.draw();
  }

  #tools() {
    for (const button of all("[data-pen]")) {
      button.addEventListener("click", () => {
        this.pen = button.dataset.pen ?? "ink";
        for (const each of all("[data-pen]")) each.setAttribute("aria-pressed", String(each === button));
      });
    }
    byId("board-undo").addEventListener("click", () => this.#undo());
    byId("board-clear").addEventListener("click", () => this.#change({ do: "erase", ids: [...this.drawing.items.keys()] }));
    byId("board-save").addEventListener("click", () => this.paper.save());
    byId("board-hide").addEventListener("click", () => this.show(false));
    byId("board-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => this.#write(event));
  }

  /** @param {number} x @param {number} y */
  #down(x, y) {
    if (this.pen === "eraser") return this.#rub([x, y]);
    this.number += 1;
    this.#change({ do: "draw", id: this.#own(), pen: this.pen, from: 0, points: [x, y] });
  }

  /** @param {number[]} points */
  #move(points) {
    if (this.pen === "eraser") return this.#rub(points);
    const from = this.drawing.items.get(this.#own())?.points.length ?? 0;
    if (from) this.#change({ do: "draw", id: this.#own(), pen: this.pen, from, points });
  }

  /** @param {number[]} points */
  #rub(points) {
    for (let place = 0; place < points.length; place += 2) {
      const id = this.drawing.at(points[place], points[place + 1], REACH);
      if (id) this.#change({ do: "erase", ids: [id] });
    }
  }

  /** Put words on the next free line, so that nobody needs a pointer for it. @param {SubmitEvent} event */
  #write(event) {
    event.preventDefault();
    const text = byId("board-text").value.trim();
    if (!text) return;
    const taken = [...this.drawing.items.values()].filter((item) => item.text).map((item) => item.points[1]);
    const next = Math.max(0, ...taken.filter((y) => y + LINE < HEIGHT)) + LINE;
    this.number += 1;
    this.#change({ do: "write", id: this.#own(), pen: this.pen === "eraser" ? "ink" : this.pen, points: [MARGIN, next], text });
    byId("board-text").value = "";
    announce("Your words are on the whiteboard");
  }

  #undo() {
    const mine = [...this.drawing.items.keys()].filter((id) => id.startsWith(`${this.roster.me} `));
    const last = mine.pop();
    if (last) this.#change({ do: "erase", ids: [last] });
  }

  /** The id of what is being drawn here; a page that was loaded anew begins elsewhere. */
  #own() {
    this.since ??= Date.now().toString(36);
    return `${this.roster.me} ${this.since} ${this.number}`;
  }

  /** @param {import("./drawing.js").Change} change */
  #change(change) {
    this.drawing.apply(change);
    this.paper.draw();
    const last = this.unsent.at(-1);
    if (change.do === "draw" && last?.do === "draw" && last.id === change.id && last.from + last.points.length === change.from) last.points.push(...change.points);
    else this.unsent.push(structuredClone(change));
    this.timer ||= setTimeout(() => this.#send(), SEND_EVERY);
  }

  #send() {
    this.timer = 0;
    const changes = this.unsent;
    this.unsent = [];
    this.channel.send("board", { changes });
  }

  /** @param {{from: string, body: {open?: boolean, changes?: unknown}}} said */
  #heard({ from, body }) {
    if (Array.isArray(body.changes)) for (const change of body.changes) this.drawing.apply(change);
    if (body.open === true && !this.isOpen) {
      this.show(true);
      toast(`${this.roster.name(from)} opened the whiteboard`);
    } else this.paper.draw();
  }

  /** Tell one who came later what is there: one of those who know does it. @param {string} person */
  #welcome(person) {
    const known = [this.roster.me, ...this.roster.others.map((each) => each.person)].filter((each) => each !== person);
    const isMine = known.sort()[0] === this.roster.me;
    if (isMine && (this.isOpen || this.drawing.items.size)) this.channel.send("board", { open: this.isOpen, changes: this.drawing.all() }, { to: person });
  }
}
