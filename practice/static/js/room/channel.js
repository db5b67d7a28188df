// @ts-check
// Everything people in the room say to each other beside sound and picture: sealed from page to page, so that the
// server passes on what it cannot read. What is sent waits until keys are agreed, and survives a line that was down.

import { joined, text, utf8 } from "./secrecy/bytes.js";
import { Post } from "./secrecy/post.js";

const MESSAGES_A_SECOND = 60;
const BYTES_A_SECOND = 256 * 1024;
const BURST = 1500;

/**
 * Emits what came as an event of its kind, with detail {from, body, bytes}; "ready" {person} when somebody can be
 * written to, and "gone" {person}. Kinds that begin with "@" are the room's own.
 */
export class Channel extends EventTarget {
  /** @param {import("./link.js").Link} link */
  constructor(link) {
    super();
    this.link = link;
    /** @type {Map<string, Post>} */
    this.posts = new Map();
    this.pace = new Pace();
    link.addEventListener("up", () => this.posts.forEach((post) => post.again()));
  }

  /**
   * Send to one person, or to everybody who is in the room now.
   * @param {string} kind @param {any} body any JSON value @param {{to?: string, bytes?: Uint8Array}} [how] `bytes` go along as they are
   * @returns {Promise<void>} resolved when all of them have it, or have left
   */
  async send(kind, body, { to, bytes } = {}) {
    const said = utf8(JSON.stringify({ kind, body }));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, said.length);
    const payload = joined(length, said, bytes ?? new Uint8Array());
    const posts = to === undefined ? [...this.posts.values()] : [this.posts.get(to)];
    await Promise.all(posts.map((post) => post?.put(payload)));
  }

  /** Whether what is sent to a person leaves at once. @param {string} person */
  isReady(person) {
    return Boolean(this.posts.get(person)?.isOpen);
  }

  /** Know who is in the room: the others, by their ids. @param {string[]} people */
  seat(people) {
    for (const person of people) if (!this.posts.has(person)) this.posts.set(person, this.#post(person));
    for (const [person, post] of this.posts) {
      if (people.includes(person)) continue;
      this.posts.delete(person);
      post.close();
      this.dispatchEvent(new CustomEvent("gone", { detail: { person } }));
    }
  }

  /** Speak with a person under these keys from now on. @param {string} person @param {import("./secrecy/handshake.js").Agreed} keys */
  open(person, keys) {
    const post = this.posts.get(person);
    const isReady = post?.counted === keys;
    post?.open(keys);
    if (!isReady) this.dispatchEvent(new CustomEvent("ready", { detail: { person } }));
  }

  /** Send a person again what they did not acknowledge. @param {string} person */
  again(person) {
    this.posts.get(person)?.again();
  }

  /** Say nothing more to a person, and hear nothing. @param {string} person */
  shut(person) {
    this.posts.get(person)?.shut();
  }

  /** Take in what a person's page sealed. @param {string} person @param {string} sealed @returns {Promise<boolean>} whether it was sealed under our keys */
  async hear(person, sealed) {
    return (await this.posts.get(person)?.hear(sealed)) ?? false;
  }

  /** @param {string} person */
  #post(person) {
    return new Post({
      pass: (data) => this.link.send({ type: "pass", to: person, kind: "sealed", data }),
      wait: (size) => this.pace.wait(Math.max(1000 / MESSAGES_A_SECOND, (1000 * size) / BYTES_A_SECOND)),
      take: (payload) => this.#take(person, payload),
    });
  }

  /** @param {string} from @param {Uint8Array} payload */
  #take(from, payload) {
    const length = new DataView(payload.buffer).getUint32(0);
    const { kind, body } = JSON.parse(text(payload.subarray(4, 4 + length)));
    if (typeof kind !== "string" || kind === "ready" || kind === "gone") return;
    this.dispatchEvent(new CustomEvent(kind, { detail: { from, body, bytes: payload.slice(4 + length) } }));
  }
}

/** Less than what the server takes from one page a second, with a little more at once. */
class Pace {
  constructor() {
    this.until = 0;
  }

  /** Take a turn, or tell how long to wait for it. @param {number} cost milliseconds @returns {number} milliseconds, 0 when it was taken */
  wait(cost) {
    const now = performance.now();
    const free = this.until - BURST;
    if (free > now) return Math.ceil(free - now) + 1;
    this.until = Math.max(this.until, now) + cost;
    return 0;
  }
}
