// @ts-check
// The session's time: how long it has been, and when it is meant to end. No countdown, no pressure: two soft marks.

import { announce, byId } from "./dom.js";

const MINUTE = 60000;
const MARKS = [10, 5];
const MARK_STANDS = 30000;

export class Clock {
  /** @param {{starts: number, ends: number, zone: string}} session instants in ms since 1970 */
  constructor({ starts, ends, zone }) {
    this.starts = starts;
    this.ends = ends;
    this.skew = 0;
    this.format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
    this.timer = 0;
    /** The marks that were shown, in minutes before the end. @type {Set<number>} */
    this.marked = new Set();
  }

  /** The server's instant, in ms since 1970. */
  get now() {
    return Date.now() + this.skew;
  }

  /** Go by the server's clock. @param {number} now @param {number} ends */
  set(now, ends) {
    this.skew = now - Date.now();
    if (ends > this.ends) this.marked.clear();
    this.ends = ends;
    this.show();
  }

  /** Show it, and keep it right. */
  start() {
    this.timer ||= setInterval(() => this.show(), 5000);
    this.show();
  }

  /** Stop. */
  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** Write the words for this instant. */
  show() {
    const element = byId("clock");
    element.textContent = this.words();
    element.dateTime = new Date(this.ends).toISOString();
    this.#mark();
  }

  /** Tell once, softly, that ten and that five minutes are left. Who comes in later than that is not told. */
  #mark() {
    const left = this.ends - this.now;
    const due = MARKS.find((minutes) => left <= minutes * MINUTE && left > minutes * MINUTE - MARK_STANDS);
    const mark = byId("mark");
    mark.hidden = !due;
    if (!due || this.marked.has(due)) return;
    this.marked.add(due);
    mark.textContent = `About ${due} minutes left`;
    announce(mark.textContent);
  }

  /** @returns {string} */
  words() {
    const end = this.format.format(this.ends);
    const before = Math.ceil((this.starts - this.now) / MINUTE);
    if (before > 0) return `Starts in ${before} min`;
    if (this.now >= this.ends) return `Planned until ${end}`;
    return `${Math.floor((this.now - this.starts) / MINUTE)} min · until ${end}`;
  }
}
