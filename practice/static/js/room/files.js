// @ts-check
// Files: sealed slices from page to page. They live in the pages only: gone when those close, unless somebody saves them.

import { announce, byId, toast } from "./dom.js";

const LARGEST = 10 * 2 ** 20;
const SLICE = 128 * 1024;
const MOST_HELD = 60 * 2 ** 20;
const MOST_AT_ONCE = 8;

/** A file on its way to us. @typedef {{name: string, size: number, slices: Uint8Array[], got: number, line: Line}} Coming */

export class Files {
  /** @param {import("./channel.js").Channel} channel @param {import("./chat.js").Chat} chat @param {import("./roster.js").Roster} roster */
  constructor(channel, chat, roster) {
    this.channel = channel;
    this.chat = chat;
    this.roster = roster;
    this.number = 0;
    this.held = 0;
    /** @type {Map<string, Coming>} */
    this.coming = new Map();
    const input = byId("chat-file");
    byId("attach").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      for (const file of input.files) this.send(file);
      input.value = "";
    });
    const log = byId("side");
    log.addEventListener("dragover", (/** @type {DragEvent} */ event) => event.preventDefault());
    log.addEventListener("drop", (/** @type {DragEvent} */ event) => this.#dropped(event));
    channel.addEventListener("file", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    channel.addEventListener("gone", (event) => this.#gone(/** @type {CustomEvent} */ (event).detail.person));
  }

  /** Send a file to everybody here. @param {File} file */
  async send(file) {
    if (!this.roster.others.length) return toast("Not sent: nobody else is here yet.");
    if (file.size > LARGEST) return toast(`${file.name} is larger than ${sizeOf(LARGEST)}, which is the most that fits through here.`);
    const id = `${Date.now()}-${(this.number += 1)}`;
    const line = new Line(file.name, file.size);
    this.chat.show("", line.element, file.name);
    const parts = Math.max(1, Math.ceil(file.size / SLICE));
    for (let part = 0; part < parts; part += 1) {
      const slice = file.slice(part * SLICE, (part + 1) * SLICE);
      const bytes = new Uint8Array(await slice.arrayBuffer());
      await this.channel.send("file", { id, name: file.name, size: file.size, part, parts }, { bytes });
      line.show((part + 1) / parts);
    }
    line.say("sent");
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) this.send(file);
  }

  /** @param {{from: string, body: any, bytes: Uint8Array}} said */
  #heard({ from, body, bytes }) {
    const key = `${from} ${body.id}`;
    const file = body.part === 0 ? this.#begin(from, key, body) : this.coming.get(key);
    if (!file || file.slices.length !== body.part) return;
    file.slices.push(bytes);
    file.got += bytes.length;
    this.held += bytes.length;
    if (file.got > file.size) return this.#drop(key, "was larger than it said");
    file.line.show(file.got / Math.max(1, file.size));
    if (body.part + 1 === body.parts) this.#done(from, key, file);
  }

  /** @param {string} from @param {string} key @param {any} body @returns {Coming | undefined} */
  #begin(from, key, body) {
    const { name, size } = body;
    if (typeof name !== "string" || !Number.isInteger(size) || size < 0 || size > LARGEST || this.coming.has(key)) return undefined;
    if (this.held + size > MOST_HELD || this.coming.size >= MOST_AT_ONCE) {
      toast(`${this.roster.name(from)} sent a file that no longer fits on this page.`);
      return undefined;
    }
    const line = new Line(plain(name), size);
    const file = { name: plain(name), size, slices: [], got: 0, line };
    this.coming.set(key, file);
    this.chat.show(from, line.element, `a file, ${file.name}`);
    return file;
  }

  /** @param {string} from @param {string} key @param {Coming} file */
  #done(from, key, file) {
    this.coming.delete(key);
    if (file.got !== file.size) return file.line.say("did not arrive whole");
    // Never a type that a browser would open as a page.
    const blob = new Blob(/** @type {BlobPart[]} */ (file.slices), { type: "application/octet-stream" });
    file.line.offer(URL.createObjectURL(blob), file.name);
    announce(`${this.roster.name(from)} sent the file ${file.name}`);
  }

  /** @param {string} key @param {string} words */
  #drop(key, words) {
    const file = this.coming.get(key);
    this.coming.delete(key);
    this.held -= file?.got ?? 0;
    file?.line.say(words);
  }

  /** @param {string} person */
  #gone(person) {
    for (const key of [...this.coming.keys()]) if (key.startsWith(`${person} `)) this.#drop(key, "did not arrive whole");
  }
}

/** What a bubble shows of a file: name, size, how far it is, and the way to save it. */
class Line {
  /** @param {string} name @param {number} size */
  constructor(name, size) {
    this.size = sizeOf(size);
    this.element = byId("file-line").content.firstElementChild.cloneNode(true);
    this.bar = this.element.querySelector("progress");
    this.state = this.element.querySelector(".file-state");
    this.save = this.element.querySelector("a");
    this.element.querySelector(".file-name").textContent = name;
    this.bar.setAttribute("aria-label", `${name}, on its way`);
    this.state.textContent = this.size;
  }

  /** @param {number} share 0 to 1 */
  show(share) {
    this.bar.value = share;
  }

  /** @param {string} words */
  say(words) {
    this.bar.hidden = true;
    this.state.textContent = `${this.size}, ${words}`;
  }

  /** @param {string} address @param {string} name */
  offer(address, name) {
    this.say("on this page only");
    this.save.hidden = false;
    this.save.href = address;
    this.save.download = name;
    this.save.setAttribute("aria-label", `Save ${name}`);
  }
}

/** @param {string} name @returns {string} a file name without folders and control characters */
export function plain(name) {
  const last = name.split(/[\\/]/).pop() ?? "";
  return last.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "").replace(/^\.+/, "").slice(0, 120) || "file";
}

/** @param {number} bytes @returns {string} */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 2 ** 20 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
}
