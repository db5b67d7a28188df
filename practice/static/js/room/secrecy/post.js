// @ts-check
// What goes to one person and comes from them: in order, each message once, acknowledged, sent again after a line was
// down, never more on the way than the other side takes in. Nothing leaves before keys are agreed.

import { joined } from "./bytes.js";
import { DATA, RECEIPT, counted, open, seal } from "./sealing.js";

const PART = 16 * 1024;
const MOST_PARTS = 1024;
const WINDOW = 8;
const AGAIN_AFTER = 4000;
const RECEIPT_AFTER = 20;
const RECEIPT_EACH = 4;

/** @typedef {{id: number, parts: Uint8Array[], left: number, done: () => void}} Message */
/** @typedef {{message: Message, place: number}} Part */
/** @typedef {{part: Part, counter: number, sealed: string}} Flying */

export class Post {
  /** @param {{pass: (sealed: string) => void, wait: (size: number) => number, take: (payload: Uint8Array) => void}} ways
   *  how a piece leaves, how long one of so many bytes must wait in ms, and who takes what came */
  constructor(ways) {
    this.ways = ways;
    /** @type {import("./handshake.js").Agreed | null} */
    this.keys = null;
    /** @type {import("./handshake.js").Agreed | null} the keys that the counters belong to */
    this.counted = null;
    /** @type {Map<number, Message>} what is not wholly received yet */
    this.messages = new Map();
    /** @type {Part[]} */
    this.waiting = [];
    /** @type {Flying[]} */
    this.flying = [];
    /** @type {Map<number, Uint8Array[]>} */
    this.arriving = new Map();
    /** @type {Set<number>} */
    this.arrived = new Set();
    this.drawn = crypto.getRandomValues(new Uint32Array(1))[0] >>> 1; // a page loaded anew repeats no number
    this.out = this.receipts = this.expected = this.unreceipted = this.timer = this.receiptTimer = 0;
    this.isBusy = false;
    this.work = Promise.resolve();
  }

  /** Whether something would leave at once. */
  get isOpen() {
    return this.keys !== null;
  }

  /** Go on; under new keys with whatever did not arrive whole. @param {import("./handshake.js").Agreed} keys */
  open(keys) {
    this.keys = keys;
    if (keys === this.counted) return this.again(); // a counter is never used twice under one key
    this.counted = keys;
    this.out = this.receipts = this.expected = this.unreceipted = 0;
    this.flying = [];
    this.waiting = [];
    this.arriving.clear();
    for (const message of this.messages.values()) this.#line(message);
    this.#pump();
  }

  /** Say and hear nothing until there are keys again. */
  shut() {
    this.keys = null;
  }

  /** End: what did not arrive is given up. */
  close() {
    this.shut();
    clearTimeout(this.timer);
    clearTimeout(this.receiptTimer);
    for (const message of this.messages.values()) message.done();
    this.messages.clear();
  }

  /** Send. @param {Uint8Array} payload @returns {Promise<void>} resolved when it was received, or cannot be any more */
  put(payload) {
    const count = Math.max(1, Math.ceil(payload.length / PART));
    if (count > MOST_PARTS) return Promise.reject(new RangeError("too large for one message"));
    const id = this.drawn++;
    const parts = Array.from({ length: count }, (_, place) => joined(head(id, place, count), payload.subarray(place * PART, (place + 1) * PART)));
    return new Promise((done) => {
      const message = { id, parts, left: count, done: () => done(undefined) };
      this.messages.set(id, message);
      this.#line(message);
      this.#pump();
    });
  }

  /** Take in a sealed piece. @param {string} sealed @returns {Promise<boolean>} whether it was sealed under our keys */
  hear(sealed) {
    const heard = this.work.then(() => this.#hear(sealed));
    this.work = heard.then(() => {}, () => {});
    return heard;
  }

  /** Send again what was not acknowledged: the line was down. */
  again() {
    for (const { sealed } of this.flying) if (sealed) this.ways.pass(sealed);
    this.#pump();
  }

  /** Small messages go before the rest of large ones. @param {Message} message */
  #line(message) {
    const parts = message.parts.map((_, place) => ({ message, place }));
    message.left = parts.length;
    const at = parts.length > 1 ? -1 : this.waiting.findIndex((part) => part.message.parts.length > 1);
    if (at < 0) this.waiting.push(...parts);
    else this.waiting.splice(at, 0, ...parts);
  }

  async #pump() {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.keys && this.flying.length < WINDOW && this.waiting.length) {
      const keys = this.keys;
      const next = this.waiting[0];
      const wait = this.ways.wait(next.message.parts[next.place].length);
      if (wait > 0) {
        setTimeout(() => this.#pump(), wait);
        break;
      }
      const part = /** @type {Part} */ (this.waiting.shift());
      const flying = { part, counter: this.out++, sealed: "" };
      this.flying.push(flying);
      flying.sealed = await seal(keys, DATA, flying.counter, part.message.parts[part.place]);
      if (keys === this.keys) this.ways.pass(flying.sealed);
    }
    this.isBusy = false;
    this.#watch();
  }

  #watch() {
    clearTimeout(this.timer);
    if (this.flying.length) this.timer = setTimeout(() => this.again(), AGAIN_AFTER);
  }

  /** @param {string} sealed */
  async #hear(sealed) {
    const piece = this.keys && (await open(this.keys, sealed));
    if (!piece) return false;
    if (piece.what === RECEIPT) this.#received(Number(new DataView(piece.plain.buffer).getBigUint64(0)));
    else if (piece.what === DATA && piece.counter <= this.expected) {
      if (piece.counter === this.expected) {
        this.expected += 1;
        this.#assemble(piece.plain);
      }
      this.#acknowledge();
    }
    return true;
  }

  /** @param {number} upTo all pieces before this one arrived */
  #received(upTo) {
    for (const { part } of this.flying.filter((each) => each.counter < upTo)) {
      part.message.left -= 1;
      if (part.message.left === 0 && this.messages.delete(part.message.id)) part.message.done();
    }
    this.flying = this.flying.filter((each) => each.counter >= upTo);
    this.#pump();
  }

  #acknowledge() {
    this.unreceipted += 1;
    clearTimeout(this.receiptTimer);
    if (this.unreceipted >= RECEIPT_EACH) this.#receipt();
    else this.receiptTimer = setTimeout(() => this.#receipt(), RECEIPT_AFTER);
  }

  async #receipt() {
    this.unreceipted = 0;
    const keys = this.keys;
    if (!keys) return;
    const sealed = await seal(keys, RECEIPT, this.receipts++, counted(this.expected));
    if (keys === this.keys) this.ways.pass(sealed);
  }

  /** @param {Uint8Array} part */
  #assemble(part) {
    const view = new DataView(part.buffer, part.byteOffset);
    const [id, place, count] = [view.getUint32(0), view.getUint16(4), view.getUint16(6)];
    const parts = place === 0 ? [] : this.arriving.get(id);
    if (!parts || parts.length !== place || count > MOST_PARTS || this.arrived.has(id)) return;
    parts.push(part.subarray(8));
    this.arriving.set(id, parts);
    if (parts.length < count) return;
    this.arriving.delete(id);
    this.arrived.add(id);
    this.ways.take(joined(...parts));
  }
}

/** @param {number} id @param {number} place @param {number} count */
function head(id, place, count) {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, id);
  view.setUint16(4, place);
  view.setUint16(6, count);
  return bytes;
}
