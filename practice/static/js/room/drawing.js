// @ts-check
// What is drawn and written on the whiteboard. Pure: changes go in, and come out again for whoever comes later.

export const WIDTH = 1600;
export const HEIGHT = 1000;
export const PENS = ["ink", "green", "blue", "brick"];

const MOST_ITEMS = 2000;
const MOST_NUMBERS = 8000;
const LONGEST = 120;

/** A line, as x, y, x, y …, or words at a place. @typedef {{pen: string, points: number[], text: string}} Item */
/** @typedef {{do: "draw", id: string, pen: string, from: number, points: number[]} | {do: "write", id: string, pen: string, points: number[], text: string} | {do: "erase", ids: string[]}} Change */

export class Drawing {
  constructor() {
    /** @type {Map<string, Item>} */
    this.items = new Map();
    /** What was erased: a late repetition does not bring it back. @type {Set<string>} */
    this.erased = new Set();
  }

  /** Take in a change; what makes no sense changes nothing. @param {any} change a Change, from a page that may say anything */
  apply(change) {
    if (change?.do === "erase" && Array.isArray(change.ids)) return this.#erase(change.ids);
    if (typeof change?.id !== "string" || change.id.length > 64 || !PENS.includes(change.pen) || !areNumbers(change.points)) return;
    if (this.erased.has(change.id)) return;
    if (change.do === "draw") this.#draw(change);
    else if (change.do === "write" && typeof change.text === "string") this.#put(change.id, { pen: change.pen, points: change.points.slice(0, 2), text: change.text.slice(0, LONGEST) });
  }

  /** Say all of it. @returns {Change[]} */
  all() {
    return [...this.items].map(([id, { pen, points, text }]) => (text ? { do: "write", id, pen, points, text } : { do: "draw", id, pen, from: 0, points }));
  }

  /** Find the topmost item near a place. @param {number} x @param {number} y @param {number} reach @returns {string} its id, or nothing */
  at(x, y, reach) {
    for (const [id, item] of [...this.items].reverse()) if (isNear(item, x, y, reach)) return id;
    return "";
  }

  /** @param {string[]} ids */
  #erase(ids) {
    for (const id of ids.slice(0, MOST_ITEMS)) {
      this.items.delete(id);
      this.erased.add(String(id));
    }
  }

  /** @param {{id: string, pen: string, from: number, points: number[]}} change */
  #draw({ id, pen, from, points }) {
    const known = this.items.get(id)?.points ?? [];
    if (!Number.isInteger(from) || from < 0 || from > known.length) return;
    this.#put(id, { pen, points: [...known.slice(0, from), ...points].slice(0, MOST_NUMBERS), text: "" });
  }

  /** @param {string} id @param {Item} item */
  #put(id, item) {
    if (this.items.has(id) || this.items.size < MOST_ITEMS) this.items.set(id, item);
  }
}

/** @param {unknown} points */
function areNumbers(points) {
  return Array.isArray(points) && points.length >= 2 && points.length % 2 === 0 && points.length <= MOST_NUMBERS && points.every((each) => Number.isFinite(each) && Math.abs(each) < 10000);
}

/** @param {Item} item @param {number} x @param {number} y @param {number} reach */
function isNear({ points, text }, x, y, reach) {
  if (text) return x > points[0] - reach && x < points[0] + 22 * text.length + reach && Math.abs(y - points[1]) < 40 + reach;
  for (let place = 0; place < points.length; place += 2) {
    const next = Math.min(place + 2, points.length - 2);
    if (distance(x, y, points[place], points[place + 1], points[next], points[next + 1]) < reach) return true;
  }
  return false;
}

/** From a place to a piece of a line. @param {number} x @param {number} y @param {number} ax @param {number} ay @param {number} bx @param {number} by */
function distance(x, y, ax, ay, bx, by) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}
