// @ts-check
// Who waits, since when, and the button that lets them in. Counselors only.

import { alarm, byId } from "./dom.js";
import { tone } from "./sound.js";

export class Admissions {
  /** @param {import("./link.js").Link} link @param {import("./media.js").Media} media */
  constructor(link, media) {
    this.link = link;
    this.media = media;
    this.title = document.title;
    /** @type {Map<string, {row: HTMLElement, since: number}>} */
    this.rows = new Map();
    setInterval(() => this.#count(), 10000);
  }

  /** Show who waits now. @param {{person: string, name: string, since: number, here: boolean}[]} waiting @param {number} skew server's clock minus ours, in ms */
  show(waiting, skew) {
    this.skew = skew;
    for (const guest of waiting) {
      const row = this.rows.get(guest.person)?.row ?? this.#row(guest);
      row.dataset.here = String(guest.here);
    }
    for (const [person, { row }] of this.rows) {
      if (!waiting.some((guest) => guest.person === person)) {
        row.remove();
        this.rows.delete(person);
      }
    }
    byId("admit").hidden = this.rows.size === 0;
    document.title = this.rows.size ? `(${this.rows.size} waiting) ${this.title}` : this.title;
    this.#count();
  }

  /** @param {{person: string, name: string, since: number}} guest @returns {HTMLElement} */
  #row(guest) {
    const row = byId("admit-row").content.firstElementChild.cloneNode(true);
    row.querySelector("strong").textContent = guest.name;
    const button = row.querySelector("button");
    button.setAttribute("aria-label", `Admit ${guest.name}`);
    button.addEventListener("click", () => {
      button.disabled = true;
      this.link.send({ type: "admit", person: guest.person });
      setTimeout(() => (button.disabled = false), 3000);
    });
    this.rows.set(guest.person, { row, since: guest.since });
    byId("admit-list").append(row);
    alarm(`${guest.name} is in the waiting room`);
    tone(this.media.chosen.speaker).catch(() => {});
    return row;
  }

  #count() {
    for (const { row, since } of this.rows.values()) {
      const minutes = Math.floor((Date.now() + (this.skew ?? 0) - since) / 60000);
      const waited = minutes < 1 ? "waiting, just arrived" : `waiting for ${minutes} minute${minutes > 1 ? "s" : ""}`;
      const element = /** @type {HTMLElement} */ (row.querySelector(".admit-since"));
      element.textContent = row.dataset.here === "false" ? "line interrupted" : waited;
    }
  }
}
