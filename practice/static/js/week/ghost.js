// @ts-check
// What moves while an entry is dragged: one light copy that is placed by numbers, so that nothing else is laid out anew.
import { clock, columns } from "./places.js";

export class Ghost {
  /** @param {HTMLElement | null} entry what it stands for; nothing for a new session */
  constructor(entry) {
    this.entry = entry;
    this.element = document.createElement("div");
    this.element.className = entry ? "week-ghost" : "week-ghost week-ghost-new";
    this.element.setAttribute("aria-hidden", "true");
    this.time = document.createElement("span");
    this.name = document.createElement("span");
    this.name.className = "week-entry-name";
    this.name.textContent = entry?.querySelector(".week-entry-name")?.textContent ?? "New session";
    this.element.append(this.time, this.name);
    entry?.classList.add("week-entry-left");
    /** @type {HTMLElement[]} */
    this.bands = [];
  }

  /** Show it somewhere; `fits` is whether it may stay there. @param {import("./places.js").Spot} spot @param {boolean} fits */
  place(spot, fits) {
    if (this.element.parentElement !== spot.column) spot.column.append(this.element);
    this.element.style.setProperty("--at", String(spot.minute / 60));
    this.element.style.setProperty("--for", String(spot.length));
    this.element.classList.toggle("week-ghost-no", !fits);
    this.time.textContent = fits ? `${clock(spot.minute)}–${clock(spot.minute + spot.length)}` : "Not free";
  }

  /** Shade where it would fit. @param {import("./places.js").Places} places @param {number} length */
  shade(places, length) {
    for (const column of columns) {
      let begins = -1;
      let ends = -1;
      for (const { minute } of places.on(column)) {
        if (minute > ends) {
          this.#band(column, begins, ends);
          begins = minute;
        }
        ends = minute + length;
      }
      this.#band(column, begins, ends);
    }
  }

  /** @param {HTMLElement} column @param {number} begins @param {number} ends */
  #band(column, begins, ends) {
    if (begins < 0) return;
    const band = document.createElement("div");
    band.className = "week-fits";
    band.style.setProperty("--at", String(begins / 60));
    band.style.setProperty("--for", String(ends - begins));
    column.append(band);
    this.bands.push(band);
  }

  /** Leave the copy where it is while somebody decides, and take the rest away. */
  rest() {
    for (const band of this.bands) band.remove();
    this.bands = [];
  }

  /** Put everything back. */
  remove() {
    this.rest();
    this.element.remove();
    this.entry?.classList.remove("week-entry-left");
  }
}
