// @ts-check
// Raised hands: one's own, and who else would like to speak. Emits "change".

import { announce, byId, toast } from "./dom.js";
import { offer, showDone, wireDo } from "./more.js";

export class Hands extends EventTarget {
  /** @param {import("./channel.js").Channel} channel @param {import("./roster.js").Roster} roster */
  constructor(channel, roster) {
    super();
    this.channel = channel;
    this.roster = roster;
    this.isUp = false;
    /** Who has a hand up, in the order they raised it. @type {Set<string>} */
    this.up = new Set();
    wireDo("hand", () => this.turn());
    roster.addEventListener("change", () => offer("hand", roster.others.length > 1 || this.isUp));
    offer("hand", false);
    channel.addEventListener("hand", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    channel.addEventListener("ready", (event) => this.isUp && channel.send("hand", { up: true }, { to: /** @type {CustomEvent} */ (event).detail.person }));
    channel.addEventListener("gone", (event) => this.#note(/** @type {CustomEvent} */ (event).detail.person, false));
  }

  /** Raise one's hand or take it down. @param {boolean} [up] */
  turn(up = !this.isUp) {
    if (up === this.isUp) return;
    this.isUp = up;
    byId("self-hand").hidden = !up;
    showDone("hand", up);
    announce(up ? "Your hand is raised" : "Your hand is down");
    this.channel.send("hand", { up });
    this.dispatchEvent(new Event("change"));
  }

  /** Take somebody else's hand down, as whoever leads the session may. @param {string} person */
  lower(person) {
    this.channel.send("hand", { lower: true }, { to: person });
  }

  /** @param {{from: string, body: {up?: boolean, lower?: boolean}}} said */
  #heard({ from, body }) {
    if (body.lower) {
      if (this.roster.find(from)?.role === "counselor") this.turn(false);
    } else this.#note(from, body.up === true);
  }

  /** @param {string} person @param {boolean} up */
  #note(person, up) {
    if (this.up.has(person) === up) return;
    if (up) this.up.add(person);
    else this.up.delete(person);
    const words = `${this.roster.name(person)} ${up ? "raises a hand" : "took the hand down"}`;
    if (up) toast(words);
    else announce(words);
    this.dispatchEvent(new Event("change"));
  }
}
