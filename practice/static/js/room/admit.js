// @ts-check
// Who waits, since when and where, a word to them, and the button that lets them in. Counselors only.

import { alert, knock } from "./knock.js";
import { byId } from "./dom.js";
import { Lines } from "./lines.js";
import { Places } from "./places.js";

/** @typedef {{person: string, name: string, since: number, here: boolean}} Guest */
/** @typedef {{row: HTMLElement, guest: Guest, lines: Lines}} Row */

export class Admissions {
  /** @param {import("./link.js").Link} link @param {import("./media.js").Media} media */
  constructor(link, media) {
    this.link = link;
    this.media = media;
    this.skew = 0;
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    this.places = new Places(byId("admit").dataset.arrivalsUrl, byId("visit").dataset.csrf);
    this.places.addEventListener("change", () => this.#count());
    byId("admit-all").addEventListener("click", () => this.#admitAll());
    setInterval(() => this.#count(), 10000);
  }

  /** Show who waits now. @param {Guest[]} waiting @param {number} skew server's clock minus ours, in ms */
  show(waiting, skew) {
    this.skew = skew;
    const isNew = waiting.some((guest) => !this.rows.has(guest.person));
    for (const guest of waiting) (this.rows.get(guest.person) ?? this.#row(guest)).guest = guest;
    for (const [person, { row }] of this.rows) {
      if (waiting.some((guest) => guest.person === person)) continue;
      row.remove();
      this.rows.delete(person);
    }
    if (isNew) this.places.load();
    byId("admit").hidden = this.rows.size === 0;
    byId("admit-all").hidden = this.rows.size < 2;
    knock(this.rows.size);
    this.#count();
  }

  /** Show a line between us and somebody who waits. @param {{person: string, to: string, name: string, text: string}} line */
  written(line) {
    const row = this.rows.get(line.to);
    if (!row) return;
    row.lines.add(line.person === line.to ? line.name : "You", line.text);
    this.#open(row.row, true);
    if (line.person === line.to) alert(`${line.name} writes: ${line.text}`, this.media.chosen.speaker);
  }

  /** @param {Guest} guest @returns {Row} */
  #row(guest) {
    const row = byId("admit-row").content.firstElementChild.cloneNode(true);
    const { person, name } = guest;
    row.querySelector("strong").textContent = name;
    const [write, admit] = ["write", "admit"].map((what) => row.querySelector(`[data-does="${what}"]`));
    admit.setAttribute("aria-label", `Admit ${name}`);
    admit.addEventListener("click", () => this.#admit(person, admit));
    write.querySelector("span").textContent = `Write to ${name}`;
    write.addEventListener("click", () => this.#open(row, row.querySelector("form").hidden));
    const lines = new Lines(row.querySelector("form"), (text) => this.link.send({ type: "write", person, text }));
    const entry = { row, guest, lines };
    this.rows.set(person, entry);
    byId("admit-list").append(row);
    alert(`${name} is in the waiting room`, this.media.chosen.speaker);
    return entry;
  }

  /** @param {string} person @param {HTMLButtonElement} button */
  async #admit(person, button) {
    button.disabled = true;
    setTimeout(() => (button.disabled = false), 3000);
    if (await this.places.mayMeet(person)) this.#letIn(person);
    else button.disabled = false;
  }

  /** Everybody at once; whoever needs a reason is asked about one by one. */
  #admitAll() {
    for (const person of this.rows.keys()) {
      if (!this.places.needsReason(person)) this.#letIn(person);
    }
  }

  /** @param {string} person */
  #letIn(person) {
    this.link.order({ type: "admit", person, leave: this.places.leave(person) });
  }

  /** @param {HTMLElement} row @param {boolean} open */
  #open(row, open) {
    const form = /** @type {HTMLFormElement} */ (row.querySelector("form"));
    if (form.hidden === !open) return;
    form.hidden = !open;
    row.querySelector('[data-does="write"]')?.setAttribute("aria-expanded", String(open));
    if (open) form.querySelector("input")?.focus();
  }

  #count() {
    for (const { row, guest } of this.rows.values()) {
      const minutes = Math.floor((Date.now() + this.skew - guest.since) / 60000);
      const waited = minutes < 1 ? "waiting, just arrived" : `waiting for ${minutes} minute${minutes > 1 ? "s" : ""}`;
      const [since, place, warning] = ["since", "place", "warning"].map((name) => /** @type {HTMLElement} */ (row.querySelector(`.admit-${name}`)));
      since.textContent = guest.here ? waited : "line interrupted";
      const told = this.places.of(guest.person);
      place.textContent = told?.line ?? "";
      warning.textContent = told?.warning ?? "";
      warning.hidden = !told?.warning;
    }
  }
}
