// @ts-check
// The client's waiting room: whether the counselor is there, and the few lines between them.

import { announce, byId } from "./dom.js";
import { Lines } from "./lines.js";
import { tone } from "./sound.js";

export class WaitingRoom {
  /** @param {import("./link.js").Link} link @param {import("./media.js").Media} media @param {{me: string, other: string}} people */
  constructor(link, media, { me, other }) {
    this.media = media;
    this.me = me;
    this.other = other;
    this.form = byId("waiting-write");
    this.lines = this.form && new Lines(this.form, (text) => link.send({ type: "write", person: "", text }));
  }

  /** @param {{hosted: boolean}} view */
  show({ hosted }) {
    const words = hosted
      ? "You will be let in. You can stay on this page; nothing else to do."
      : `${this.other} is not in the room yet. Your place is kept; you need not do anything.`;
    if (byId("waiting-text").textContent !== words) byId("waiting-text").textContent = words;
    byId("waiting-seen").hidden = !hosted;
    if (this.form) this.form.hidden = !hosted && !this.lines?.list.childElementCount;
  }

  /** @param {{person: string, name: string, text: string}} line */
  written({ person, name, text }) {
    if (!this.form) return;
    this.form.hidden = false;
    this.lines?.add(person === this.me ? "You" : name, text);
    if (person === this.me) return;
    announce(`${name} writes: ${text}`);
    tone(this.media.chosen.speaker).catch(() => {});
  }
}
