// @ts-check
// Captions made on the device of whoever speaks, and sent sealed to whoever reads. No sound ever leaves for them.

import { announce, byId, toast } from "./dom.js";
import { showDone, wireDo } from "./more.js";
import { Writer, canWrite } from "./writer.js";

const SHOWN = 3;
const STANDS = 8000;

/** What one page says to another. @typedef {{want?: boolean, can?: boolean, text?: string, final?: boolean, number?: number}} Caption */

export class Captions {
  /** @param {import("./channel.js").Channel} channel @param {import("./roster.js").Roster} roster @param {import("./media.js").Media} media */
  constructor(channel, roster, media) {
    this.channel = channel;
    this.roster = roster;
    this.isOn = false;
    /** Who reads what we say. @type {Set<string>} */
    this.readers = new Set();
    this.writer = new Writer(media, (text, final, number) => this.#tell({ text, final, number }));
    /** @type {Map<string, HTMLElement>} */
    this.lines = new Map();
    wireDo("captions", () => this.turn());
    const box = byId("captions-mine");
    box.checked = localStorage.getItem("stillpoint.captions") !== "no";
    box.addEventListener("change", () => {
      localStorage.setItem("stillpoint.captions", box.checked ? "yes" : "no");
      this.#serve();
    });
    channel.addEventListener("caption", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    channel.addEventListener("ready", (event) => this.isOn && channel.send("caption", { want: true }, { to: /** @type {CustomEvent} */ (event).detail.person }));
    channel.addEventListener("gone", (event) => this.#read(/** @type {CustomEvent} */ (event).detail.person, false));
  }

  /** Ask the others for captions, or no longer. */
  turn() {
    this.isOn = !this.isOn;
    showDone("captions", this.isOn);
    byId("captions").hidden = !this.isOn;
    byId("captions").replaceChildren();
    this.lines.clear();
    announce(this.isOn ? "Captions are on" : "Captions are off");
    if (this.isOn && !this.roster.others.length) this.#say("Captions begin when somebody is here to speak.");
    this.channel.send("caption", { want: this.isOn });
  }

  /** @param {{from: string, body: Caption}} said */
  #heard({ from, body }) {
    if (typeof body.want === "boolean") this.#read(from, body.want);
    else if (body.can === false && this.isOn) this.#say(`${this.roster.name(from)}’s browser cannot write captions on the device, so there are none of what they say.`);
    else if (body.can === true && this.isOn) this.#say(`Captions of what ${this.roster.name(from)} says begin now.`);
    else if (typeof body.text === "string" && this.isOn) this.#line(`${from} ${body.number}`, `${this.roster.name(from)}: ${body.text.slice(0, 500)}`, body.final === true);
  }

  /** @param {string} person @param {boolean} wants */
  #read(person, wants) {
    if (wants) this.readers.add(person);
    else this.readers.delete(person);
    this.#serve(wants ? person : "");
  }

  /** Write while somebody reads. @param {string} [newly] who asked just now */
  async #serve(newly = "") {
    const may = byId("captions-mine").checked;
    if (!this.readers.size || !may) this.writer.stop();
    if (newly && !may) return this.channel.send("caption", { can: false }, { to: newly });
    if (!this.readers.size || !may) return;
    const can = await canWrite();
    if (newly) this.channel.send("caption", { can }, { to: newly });
    if (!can || !this.readers.size) return;
    if (newly) toast(`${this.roster.name(newly)} reads along: this device turns what you say into text. You can stop that under Devices.`);
    this.writer.start();
  }

  /** @param {Caption} caption */
  #tell(caption) {
    for (const to of this.readers) if (this.channel.isReady(to)) this.channel.send("caption", caption, { to });
  }

  /** @param {string} words */
  #say(words) {
    this.#line(`word ${words}`, words, true);
  }

  /** @param {string} id @param {string} words @param {boolean} final */
  #line(id, words, final) {
    const line = this.lines.get(id) ?? document.createElement("p");
    line.textContent = words;
    if (!this.lines.has(id)) byId("captions").append(line);
    this.lines.set(id, line);
    const drop = () => line.remove();
    if (final) this.lines.delete(id), setTimeout(drop, STANDS);
    while (byId("captions").childElementCount > SHOWN) byId("captions").firstElementChild.remove();
    for (const [known, each] of this.lines) if (!each.isConnected) this.lines.delete(known);
  }
}
