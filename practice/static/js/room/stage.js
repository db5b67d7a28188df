// @ts-check
// The others, the screen one of them shares, and the words over the picture.

import { byId } from "./dom.js";
import { Layout } from "./layout.js";
import { Seat, play } from "./seat.js";

/** What the stage shows beside the picture. @typedef {"" | "alone" | "door" | "connecting" | "reconnecting" | "theirs"} Situation */
/** @typedef {import("./seat.js").Received} Received */

export class Stage {
  /** @param {import("./media.js").Media} media @param {string} other the other person's name, or the group's @param {number} slots how many others there may be */
  constructor(media, other, slots) {
    this.media = media;
    this.other = other;
    this.seats = [new Seat(byId("seats").querySelector("[data-slot]"))];
    this.#grow(slots);
    this.layout = new Layout(this.seats);
    this.shared = byId("shared-video");
    byId("sound-on").addEventListener("click", () => this.#sound());
    media.addEventListener("change", () => this.seats.forEach((seat) => seat.speaker(media.chosen.speaker)));
  }

  /** How many pictures the first seat has shown on this connection. */
  get frames() {
    return this.seats[0].frames;
  }

  /** At how many pixels of the screen each slot's camera is shown. */
  get heights() {
    return this.seats.map((seat) => seat.height);
  }

  /** Show a new connection's tracks. @param {Received & {others: Received[]}} tracks */
  show({ others, ...first }) {
    this.#grow(1 + others.length);
    [first, ...others].forEach((received, slot) => this.seats[slot].show(received));
    this.seats.forEach((seat) => seat.speaker(this.media.chosen.speaker));
    this.shared.srcObject = null;
  }

  /** Seat everybody where their picture arrives. @param {Record<string, string>} slots @param {any[]} people the others */
  seat(slots, people) {
    const seated = this.seats.map((seat, slot) => people.find((each) => each.person === slots[slot]) ?? (slot || slots["0"] ? undefined : people[0]));
    this.seats.forEach((seat, slot) => seat.sit(seated[slot]));
    this.#screen(seated);
    this.layout.arrange();
  }

  /** Say what is going on. @param {Situation} situation */
  say(situation) {
    const words = {
      "": "",
      alone: `Waiting for ${this.other}`,
      door: `${this.other} is in the waiting room`,
      connecting: "Connecting",
      reconnecting: "Reconnecting. You need not do anything.",
      theirs: `${this.seats[0].name}’s connection was interrupted. It is being restored.`,
    }[situation];
    byId("stage-message").hidden = !situation;
    byId("stage-message").dataset.situation = situation;
    byId("stage-message-text").textContent = words;
    byId("stage").classList.toggle("stage-waits", situation === "reconnecting" || situation === "theirs");
  }

  /** End. */
  clear() {
    for (const seat of this.seats) seat.clear();
    this.shared.srcObject = null;
    this.say("");
  }

  /** Show the screen of whoever shares theirs: of the first, if several do. @param {any[]} seated */
  #screen(seated) {
    const slot = seated.findIndex((person) => person?.screen);
    const track = slot < 0 ? null : this.seats[slot].tracks?.screen ?? null;
    byId("shared").hidden = !track;
    if (track) byId("shared-name").textContent = `${seated[slot].name}’s screen`;
    if ((this.shared.srcObject?.getVideoTracks()[0] ?? null) === track) return;
    this.shared.srcObject = track && new MediaStream([track]);
    if (track) this.shared.play().catch(() => {});
  }

  /** @param {number} count */
  #grow(count) {
    for (let slot = this.seats.length; slot < count; slot += 1) {
      const element = byId("seat").content.firstElementChild.cloneNode(true);
      element.dataset.slot = String(slot);
      byId("self").before(element);
      this.seats.push(new Seat(element));
    }
  }

  async #sound() {
    const heard = await Promise.all(this.seats.filter((seat) => seat.person).map((seat) => play(seat.video)));
    byId("sound-on").hidden = heard.every(Boolean);
  }
}
