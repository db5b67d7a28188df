// @ts-check
// Moves and stretches sessions with a pointer, and makes new ones by a press on a free place. A finger takes hold by
// a long press, so that a short one still scrolls.
import { Ghost } from "./ghost.js";
import { changeAddress, columns, first, last, listed, LONGEST, newAddress, Places, placesFor, say, SHORTEST, spotOf, week, words } from "./places.js";
import { open } from "./sheet.js";

const FAR = 4;
const LONG = 400;
const EDGE = 8;

/** @typedef {import("./places.js").Spot} Spot */

/** One press that may become a drag. */
class Drag {
  /** @param {HTMLElement} entry @param {PointerEvent} event @param {boolean} stretching */
  constructor(entry, event, stretching) {
    this.entry = entry;
    this.stretching = stretching;
    this.from = spotOf(entry);
    this.spot = { ...this.from };
    this.begun = { x: event.clientX, y: event.clientY };
    this.at = this.begun;
    this.pointer = event.pointerId;
    this.grip = event.clientY - entry.getBoundingClientRect().top;
    this.fits = true;
    this.taken = false;
    this.frame = 0;
    /** @type {Ghost | undefined} */
    this.ghost = undefined;
    this.places = new Places({});
    this.hold = event.pointerType === "touch" ? setTimeout(() => this.take(), LONG) : 0;
    if (!stretching) placesFor(entry).then((places) => {
      this.places = places;
      if (this.ghost) this.ghost.shade(places, this.from.length);
      if (this.taken) this.draw();
    });
  }

  /** Take hold: from here on it is a drag. */
  take() {
    this.taken = true;
    this.ghost = new Ghost(this.entry);
    if (!this.stretching) this.ghost.shade(this.places, this.from.length);
    week?.classList.add("week-dragging");
    week?.setPointerCapture(this.pointer);
    this.boxes = columns.map((column) => column.getBoundingClientRect());
    this.scrolled = week?.scrollTop ?? 0;
    this.draw();
  }

  /** @param {PointerEvent} event */
  moved(event) {
    this.at = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(this.at.x - this.begun.x, this.at.y - this.begun.y) > FAR;
    if (!this.taken && far) {
      if (event.pointerType === "touch") return end();
      this.take();
    }
    if (this.taken && !this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    if (!week || !this.boxes) return;
    this.#scroll(week);
    const index = this.stretching ? columns.indexOf(this.from.column) : this.#column();
    const column = columns[index];
    const box = this.boxes[index];
    const top = box.top + (this.scrolled ?? 0) - week.scrollTop;
    const perMinute = box.height / (last - first);
    if (this.stretching) {
      const length = Math.round(((this.at.y - top) / perMinute + first - this.from.minute) / 5) * 5;
      this.spot = { ...this.from, length: Math.min(Math.max(length, SHORTEST), LONGEST, 1440 - this.from.minute) };
    } else {
      const minute = (this.at.y - this.grip - top) / perMinute + first;
      const place = this.places.nearest(column, minute, 45);
      const loose = Math.min(Math.max(Math.round(minute / 5) * 5, first), last - 5);
      this.fits = place !== undefined;
      this.spot = { ...this.from, column, minute: place?.minute ?? loose, stamp: place?.stamp ?? "" };
    }
    this.ghost?.place(this.spot, this.fits);
  }

  /** The column under the pointer. */
  #column() {
    const at = this.boxes?.findIndex((box) => this.at.x < box.right) ?? 0;
    return at < 0 ? columns.length - 1 : at;
  }

  /** Turn the page up or down while the pointer waits at its edge. @param {HTMLElement} week */
  #scroll(week) {
    const box = week.getBoundingClientRect();
    const over = this.at.y > box.bottom - 36 ? 1 : this.at.y < box.top + 84 ? -1 : 0;
    const before = week.scrollTop;
    if (over) week.scrollTop += over * 12;
    if (over && week.scrollTop !== before && !this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Let go: ask whether it shall be so. */
  drop() {
    const { minute, column, length } = this.spot;
    const same = minute === this.from.minute && column === this.from.column && length === this.from.length;
    if (same || !this.fits || !this.taken) {
      if (this.taken && !this.fits) say("Not free there. Nothing has changed.");
      return this.leave();
    }
    this.stop();
    this.ghost?.rest();
    say(words(this.spot));
    open(changeAddress(this.entry, this.spot), () => {
      this.ghost?.remove();
      this.entry.focus();
    });
  }

  stop() {
    clearTimeout(this.hold);
    cancelAnimationFrame(this.frame);
    week?.classList.remove("week-dragging");
  }

  leave() {
    this.stop();
    this.ghost?.remove();
  }
}

/** @type {Drag | undefined} */
let drag;

function end() {
  drag?.leave();
  drag = undefined;
}

if (week && !listed) {
  week.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || event.button !== 0 || event.ctrlKey || event.metaKey) return;
    const entry = event.target.closest(".week-entry");
    if (!(entry instanceof HTMLElement) || !("movable" in entry.dataset)) return;
    const stretching = event.clientY > entry.getBoundingClientRect().bottom - EDGE;
    drag = new Drag(entry, event, stretching);
  });
  week.addEventListener("pointermove", (event) => drag?.moved(event));
  week.addEventListener("pointercancel", end);
  week.addEventListener("pointerup", () => {
    if (drag?.taken) addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
    drag?.drop();
    drag = undefined;
  });
  week.addEventListener("touchmove", (event) => drag?.taken && event.preventDefault(), { passive: false });
  week.addEventListener("dragstart", (event) => event.preventDefault());
  week.addEventListener("contextmenu", (event) => drag?.taken && event.preventDefault());
  week.addEventListener("click", create);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.taken) return;
    event.preventDefault();
    end();
    say("Given up. Nothing has changed.");
  });
}

/** A drag ends with a click on whatever is below; it means nothing. @param {Event} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** A press on a free place begins a new session there. @param {MouseEvent} event */
function create(event) {
  if (!(event.target instanceof Element) || event.target.closest("a, button")) return;
  const column = event.target.closest(".week-column[data-day]");
  if (!(column instanceof HTMLElement)) return;
  const box = column.getBoundingClientRect();
  const minute = Math.floor((((event.clientY - box.top) / box.height) * (last - first) + first) / 15) * 15;
  const spot = { column, minute, stamp: "", length: 50 };
  const ghost = new Ghost(null);
  ghost.place(spot, true);
  open(newAddress(spot), () => ghost.remove());
}
