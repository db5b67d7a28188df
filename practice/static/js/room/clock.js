// @ts-check
// The session's time: how long it has been, and when it is meant to end. No countdown, no pressure.

import { byId } from "./dom.js";

const MINUTE = 60000;

export class Clock {
  /** @param {{starts: number, ends: number, zone: string}} session instants in ms since 1970 */
  constructor({ starts, ends, zone }) {
    this.starts = starts;
    this.ends = ends;
    this.skew = 0;
    this.format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
    this.timer = 0;
  }

  /** The server's instant, in ms since 1970. */
  get now() {
    return Date.now() + this.skew;
  }

  /** Go by the server's clock. @param {number} now @param {number} ends */
  set(now, ends) {
    this.skew = now - Date.now();
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
