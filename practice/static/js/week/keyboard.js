// @ts-check
// The calendar by keyboard: arrows go from session to session; M moves one, Enter on the calendar itself finds a free
// place; then arrows move by the grid, Shift and an arrow stretch, Enter confirms, Escape gives up. All of it is said.
import { Ghost } from "./ghost.js";
import { changeAddress, columns, first, LONGEST, newAddress, Places, placesFor, say, SHORTEST, spotOf, week, words } from "./places.js";
import { open } from "./sheet.js";

const HOW = "Arrow keys move it, Shift with up or down changes its length, Enter confirms, Escape gives up.";

/** @typedef {import("./places.js").Spot} Spot */

/** One entry, or a new session, that the arrow keys move. */
class Moving {
  /** @param {HTMLElement | null} entry @param {Spot} spot @param {Places} places */
  constructor(entry, spot, places) {
    this.entry = entry;
    this.from = { ...spot };
    this.spot = spot;
    this.places = places;
    this.ghost = new Ghost(entry);
    if (entry) this.ghost.shade(places, spot.length);
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const steps = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (event.key === "Escape") this.giveUp();
    else if (event.key === "Enter") this.confirm();
    else if (!step) return;
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") this.#acrossDays(step);
    else if (event.shiftKey) this.#stretch(step);
    else this.#withinDay(step);
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  #withinDay(step) {
    const place = this.places.beyond(this.spot.column, this.spot.minute, step);
    if (!place) return say(step > 0 ? "Nothing free later that day." : "Nothing free earlier that day.");
    this.spot = { ...this.spot, ...place };
    this.#show();
  }

  /** @param {number} step */
  #acrossDays(step) {
    for (let at = columns.indexOf(this.spot.column) + step; columns[at]; at += step) {
      const place = this.places.nearest(columns[at], this.spot.minute);
      if (!place) continue;
      this.spot = { ...this.spot, ...place, column: columns[at] };
      return this.#show();
    }
    say("Nothing free in that direction.");
  }

  /** @param {number} step */
  #stretch(step) {
    if (!this.entry) return;
    const length = Math.min(Math.max(this.spot.length + step * 5, SHORTEST), LONGEST);
    this.spot = { ...this.spot, length };
    this.#show();
  }

  #show() {
    this.ghost.place(this.spot, true);
    this.ghost.element.scrollIntoView({ block: "nearest" });
    say(words(this.spot));
  }

  confirm() {
    active = undefined;
    this.ghost.rest();
    const { minute, column, length } = this.spot;
    const same = minute === this.from.minute && column === this.from.column && length === this.from.length;
    if (this.entry && same) return this.giveUp();
    open(this.entry ? changeAddress(this.entry, this.spot) : newAddress(this.spot), () => this.giveUp());
  }

  giveUp() {
    active = undefined;
    this.ghost.remove();
    (this.entry ?? week)?.focus();
    say("Nothing has changed.");
  }
}

/** @type {Moving | undefined} */
let active;

addEventListener("keydown", (event) => active?.pressed(event), { capture: true });

week?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || active || event.defaultPrevented) return;
  const entry = document.activeElement?.closest?.(".week-entry");
  if (entry instanceof HTMLElement) return onEntry(entry, event);
  if (event.target === week && event.key === "Enter") {
    event.preventDefault();
    findPlace();
  }
});

/** @param {HTMLElement} entry @param {KeyboardEvent} event */
async function onEntry(entry, event) {
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    neighbour(entry, event.key)?.focus();
  } else if (event.key.toLowerCase() === "m") {
    event.preventDefault();
    if (!("movable" in entry.dataset)) return say("This session stays where it is.");
    active = new Moving(entry, spotOf(entry), await placesFor(entry));
    const name = entry.querySelector(".week-entry-name")?.textContent ?? "";
    say(`Moving ${name}, now ${words(spotOf(entry))}. ${HOW}`);
  }
}

/** Begin where nothing stands yet: today or the first day, at the line of now or when the hours begin. */
function findPlace() {
  const column = document.querySelector(".week-day-today .week-column[data-day]") ?? columns[0];
  if (!(column instanceof HTMLElement)) return;
  active = new Moving(null, { column, minute: Math.max(first, 9 * 60), stamp: "", length: 50 }, Places.everywhere());
  say(`Choose a place for a new session. ${words(active.spot)}. Arrow keys move, Enter goes on, Escape gives up.`);
}

/** The session before or after, or the nearest on another day. @param {HTMLElement} entry @param {string} key */
function neighbour(entry, key) {
  const spot = spotOf(entry);
  const on = (/** @type {HTMLElement} */ column) => /** @type {HTMLElement[]} */ ([...column.querySelectorAll("a.week-entry")]);
  const step = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const all = on(spot.column);
    return all[all.indexOf(entry) + step];
  }
  for (let at = columns.indexOf(spot.column) + step; columns[at]; at += step) {
    const all = on(columns[at]).sort(
      (a, b) => Math.abs(Number(a.dataset.from) - spot.minute) - Math.abs(Number(b.dataset.from) - spot.minute),
    );
    if (all.length) return all[0];
  }
}
