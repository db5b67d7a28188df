// @ts-check
// Who is large: speaker view with a strip of small pictures, or everybody the same size.

import { announce, byId } from "./dom.js";

const VIEW = "stillpoint.view";
const CELL = 4 / 3;
/** The narrowest a picture may be cut, width to height: a face on a phone held upright, or on a desk. */
const NARROWEST = { upright: 3 / 4, wide: 4 / 3 };

/** @typedef {import("./seat.js").Seat} Seat */

/**
 * Tell how many columns make the pictures largest. Pure.
 * @param {number} count how many pictures @param {number} width of the stage, in px @param {number} height in px @returns {number}
 */
export function columnsFor(count, width, height) {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns, (height / rows) * CELL);
    if (size > largest * 1.02) [best, largest] = [columns, size];
  }
  return best;
}

/** Emits "change" when the view or the pin changed. */
export class Layout extends EventTarget {
  /** @param {Seat[]} seats a list that may grow */
  constructor(seats) {
    super();
    this.seats = seats;
    this.stage = byId("stage");
    this.view = localStorage.getItem(VIEW) === "grid" ? "grid" : "speaker";
    /** Whom somebody wants large, whoever speaks; again, too, when they are back from wherever their line left them. */
    this.pinned = "";
    /** Who spoke last. */
    this.speaker = "";
    /** Whether the whiteboard lies where the large picture would be. */
    this.covered = false;
    byId("seats").addEventListener("click", (/** @type {Event} */ event) => {
      const pin = /** @type {HTMLElement} */ (event.target).closest(".seat-pin");
      const seat = this.seats.find((each) => each.pin === pin);
      if (seat) this.pin(seat.person);
    });
    new ResizeObserver(() => this.#columns()).observe(this.stage);
    this.arrange();
  }

  /** Change between the two views. */
  turn() {
    this.view = this.view === "grid" ? "speaker" : "grid";
    localStorage.setItem(VIEW, this.view);
    announce(this.view === "grid" ? "Everybody is the same size" : "Whoever speaks is large");
    this.arrange();
    this.dispatchEvent(new Event("change"));
  }

  /** Keep somebody large, or let them go again. @param {string} person */
  pin(person) {
    this.pinned = this.pinned === person ? "" : person;
    if (this.pinned && this.view === "grid") this.turn();
    const name = this.seats.find((seat) => seat.person === person)?.name;
    announce(this.pinned ? `${name} stays large` : "Whoever speaks is large");
    this.arrange();
    this.dispatchEvent(new Event("change"));
  }

  /** Note who speaks. @param {string} person */
  speaks(person) {
    if (this.speaker === person) return;
    this.speaker = person;
    this.arrange();
  }

  /** Make room for the whiteboard, or take it back. @param {boolean} covered */
  cover(covered) {
    this.covered = covered;
    this.arrange();
  }

  /** Put everybody in their place. */
  arrange() {
    const present = this.seats.filter((seat) => seat.person);
    const large = this.#large(present);
    for (const seat of this.seats) {
      seat.element.classList.toggle("seat-large", seat.element === large);
      seat.pin.hidden = present.length < 2 && byId("shared").hidden;
      seat.pin.setAttribute("aria-pressed", String(Boolean(seat.person) && seat.person === this.pinned));
    }
    byId("shared").classList.toggle("seat-large", byId("shared") === large);
    const view = this.covered ? "speaker" : this.view;
    this.stage.dataset.view = view;
    this.stage.classList.toggle("stage-strip", view === "speaker" && (this.covered || this.#shown().length > 2));
    this.#columns();
  }

  /** @param {Seat[]} present @returns {HTMLElement | undefined} */
  #large(present) {
    if (this.covered || this.view === "grid") return undefined;
    const by = (/** @type {string} */ person) => present.find((seat) => seat.person === person)?.element;
    const shared = byId("shared").hidden ? undefined : byId("shared");
    return by(this.pinned) ?? shared ?? by(this.speaker) ?? present[0]?.element;
  }

  /** @returns {Element[]} the pictures on the stage, one's own included */
  #shown() {
    return [...byId("seats").children].filter((each) => !(/** @type {HTMLElement} */ (each).hidden));
  }

  #columns() {
    const { clientWidth, clientHeight } = this.stage;
    const count = this.#shown().length;
    const columns = columnsFor(count, clientWidth, clientHeight);
    const narrowest = NARROWEST[clientHeight > clientWidth ? "upright" : "wide"];
    this.stage.style.setProperty("--columns", String(columns));
    this.stage.style.setProperty("--rows", String(Math.ceil(count / columns)));
    this.stage.style.setProperty("--tallest", `${Math.round(clientWidth / columns / narrowest)}px`);
  }
}
