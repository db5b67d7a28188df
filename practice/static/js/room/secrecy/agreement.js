// @ts-check
// Agreeing with everybody in the room: who begins, what happens when a word is lost or a page was loaded anew.

import { base64, random, text, unbase64, utf8 } from "./bytes.js";
import { Handshake } from "./handshake.js";

const AGAIN_EVERY = 3000;
const MOST_AGREEMENTS = 40; // each is one blind guess at the short code for whoever sits between

/** @typedef {import("./handshake.js").Agreed} Agreed */
/** @typedef {{page: string, handshake: Handshake | null, agreed: Agreed | null, isSure: boolean, count: number, heardAt: number, work: Promise<any>}} Partner */

/** Emits "held" {person} when the other side holds back until somebody there decided, and "settled" {person} when they did. */
export class Agreements extends EventTarget {
  /**
   * @param {import("../link.js").Link} link @param {string} me
   * @param {(person: string, agreed: Agreed) => Promise<void>} take what to do with new keys
   */
  constructor(link, me, take) {
    super();
    this.take = take;
    this.link = link;
    this.me = { person: me, page: base64(random(12)) };
    /** @type {CryptoKeyPair | null} */
    this.own = null;
    /** @type {Map<string, Partner>} */
    this.partners = new Map();
    link.addEventListener("up", () => this.#nudge(0));
    setInterval(() => this.#nudge(AGAIN_EVERY), AGAIN_EVERY);
  }

  /** Know who is in the room: the others, by their ids. @param {string[]} people */
  seat(people) {
    for (const person of people) {
      if (this.partners.has(person)) continue;
      this.partners.set(person, { page: "", handshake: null, agreed: null, isSure: false, count: 0, heardAt: performance.now(), work: Promise.resolve() });
      this.#greet(person);
    }
    for (const person of this.partners.keys()) if (!people.includes(person)) this.partners.delete(person);
  }

  /** The other side showed that it has the same keys. @param {string} person */
  confirm(person) {
    const partner = this.partners.get(person);
    if (partner) partner.isSure = true;
  }

  /** Let the other side know that somebody here has to decide first, or did. @param {string} person @param {"held" | "settled"} word */
  tell(person, word) {
    this.#say(person, { t: word, from: this.me.page, to: this.partners.get(person)?.page ?? "" });
  }

  /** Do something once everything that came from a person so far is dealt with. @param {string} person @param {() => any} act */
  after(person, act) {
    const partner = this.partners.get(person);
    if (partner) partner.work = partner.work.then(act).catch(() => {});
  }

  /** Take in what a person's page says about keys. @param {string} person @param {string} data */
  hear(person, data) {
    const partner = this.partners.get(person);
    if (!partner) return;
    this.after(person, async () => {
      try {
        await this.#hear(person, partner, JSON.parse(text(unbase64(data))));
      } catch {
        partner.handshake = null; // a word that does not fit: the next round begins anew
      }
    });
  }

  /** @param {string} person @param {Partner} partner @param {any} word */
  async #hear(person, partner, word) {
    partner.heardAt = performance.now();
    if (word.t === "hello") return this.#greeted(person, partner, word);
    if (word.to !== this.me.page) return;
    if (word.t === "held" || word.t === "settled") return void this.dispatchEvent(new CustomEvent(word.t, { detail: { person } }));
    const isNewPage = word.from !== partner.page;
    if (word.t === "commit" && !this.#begins(person)) {
      if (isNewPage) this.#turn(partner, word.from);
      partner.handshake = this.#handshake(person, partner, false);
    } else if (isNewPage || !partner.handshake) return;
    const { say, agreed } = await /** @type {Handshake} */ (partner.handshake).hear(word);
    if (say) this.#say(person, say);
    if (agreed) await this.#agree(person, partner, agreed);
  }

  /** @param {string} person @param {Partner} partner @param {{from: string, has: string}} hello */
  async #greeted(person, partner, { from, has }) {
    const isNewPage = from !== partner.page;
    if (isNewPage) this.#turn(partner, from);
    else if (partner.agreed ? has === partner.agreed.name : Boolean(partner.handshake) && !has) return;
    partner.isSure = false;
    if (this.#begins(person)) await this.#begin(person, partner);
    else if (isNewPage || partner.agreed) this.#greet(person);
  }

  /** The person's page was loaded anew. @param {Partner} partner @param {string} page */
  #turn(partner, page) {
    partner.page = page;
    partner.handshake = partner.agreed = null;
    partner.isSure = false;
  }

  /** @param {string} person @param {Partner} partner */
  async #begin(person, partner) {
    partner.handshake = this.#handshake(person, partner, true);
    this.#say(person, await partner.handshake.commit());
  }

  /** @param {string} person @param {Partner} partner @param {boolean} begins */
  #handshake(person, partner, begins) {
    if (!this.own || partner.count > MOST_AGREEMENTS) throw new Error("no more agreements with this person");
    return new Handshake(this.own, this.me, { person, page: partner.page }, begins);
  }

  /** @param {string} person @param {Partner} partner @param {Agreed} agreed */
  async #agree(person, partner, agreed) {
    partner.agreed = agreed;
    partner.isSure = false;
    partner.count += 1;
    await this.take(person, agreed);
  }

  /** Speak again with everybody who has not shown that they have our keys. @param {number} silence for how long they must have been silent, in ms */
  #nudge(silence) {
    for (const [person, partner] of this.partners) {
      if (partner.isSure || performance.now() - partner.heardAt < silence) continue;
      partner.handshake = null;
      this.#greet(person);
    }
  }

  /** @param {string} person */
  #greet(person) {
    const has = this.partners.get(person)?.agreed?.name ?? "";
    if (this.own) this.#say(person, { t: "hello", from: this.me.page, has });
  }

  /** Both must come to the same answer. @param {string} person */
  #begins(person) {
    return this.me.person < person;
  }

  /** @param {string} person @param {object} word */
  #say(person, word) {
    this.link.send({ type: "pass", to: person, kind: "keys", data: base64(utf8(JSON.stringify(word))) });
  }
}
