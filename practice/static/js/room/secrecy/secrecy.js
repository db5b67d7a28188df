// @ts-check
// End-to-end encryption of the room: everybody agrees on keys with everybody, and only then is anything seen, heard or
// said. Who holds our key is known to all; it changes whenever somebody comes or leaves.

import { pause } from "../dom.js";
import { Agreements } from "./agreement.js";
import { base64, random, sha256 } from "./bytes.js";
import { Cover } from "./cover.js";
import { openKeyring } from "./keyring.js";

const DELIVERED_WITHIN = 1000;
const EXPLAINED_WITHIN = 10000;

/** @typedef {import("./handshake.js").Agreed} Agreed */
/** "agreeing" on keys; "new": never compared; "known": compared; "changed": another key than the one compared, and nothing
 * is said before somebody decides; "differs": the codes differ, and nothing is said at all.
 * @typedef {"agreeing" | "new" | "known" | "changed" | "differs"} Trust */
/** @typedef {{person: string, name: string, here: boolean, trust: Trust, isOpen: boolean, isHeld: boolean, holds: boolean, agreed: Agreed | null, keyed: [string, string][]}} Partner */

/** Emits "change" when anything above changed, and "ghost" {by, person} when somebody's key went to a person we do not see. */
export class Secrecy extends EventTarget {
  /**
   * @param {import("../link.js").Link} link @param {import("../channel.js").Channel} channel @param {string} me
   * @param {{cover?: Cover, patience?: number}} [ways] for how long somebody may hold a key before we see them, in ms
   */
  constructor(link, channel, me, { cover = new Cover(), patience = EXPLAINED_WITHIN } = {}) {
    super();
    this.patience = patience;
    this.channel = channel;
    this.cover = cover;
    this.me = me;
    /** @type {Map<string, Partner>} */
    this.partners = new Map();
    this.isStopped = this.isWanted = this.isKeying = false;
    this.agreements = new Agreements(link, me, (person, agreed) => this.#agreed(person, agreed));
    for (const word of ["held", "settled"]) this.agreements.addEventListener(word, (event) => this.#waited(/** @type {CustomEvent} */ (event).detail.person, word === "held"));
    channel.addEventListener("@key", (event) => this.#learn(/** @type {CustomEvent} */ (event).detail));
    /** Resolved when this page can agree on keys and seal frames. */
    this.ready = this.#prepare();
  }

  /** Know who is in the room: the others, as the server describes them. @param {{person: string, name: string, here: boolean}[]} people */
  seat(people) {
    const others = people.map(({ person }) => person);
    for (const { person, name, here } of people) {
      const partner = this.partners.get(person);
      if (partner) Object.assign(partner, { name, here });
      else this.partners.set(person, { person, name, here, trust: "agreeing", isOpen: false, isHeld: false, holds: false, agreed: null, keyed: [] });
    }
    const gone = [...this.partners.keys()].filter((person) => !others.includes(person));
    for (const person of gone) {
      this.partners.delete(person);
      this.cover.tell("forget", { person });
    }
    this.channel.seat(others);
    this.agreements.seat(others);
    if (gone.length) this.#rekey();
    this.#changed();
  }

  /** Know whose frames come on which lines. @param {Record<string, string>} slots */
  place(slots) {
    this.cover.tell("seat", { slots });
  }

  /** Take in what another page passed to this one. @param {{person: string, kind: string, data: string}} passed */
  hear({ person, kind, data }) {
    if (kind === "keys") return this.agreements.hear(person, data);
    this.agreements.after(person, async () => {
      if (await this.channel.hear(person, data)) this.agreements.confirm(person);
    });
  }

  /** The codes were compared and are the same: remember whose key it is. @param {string} person */
  async match(person) {
    const partner = this.partners.get(person);
    if (!partner?.agreed || !partner.isOpen) return;
    partner.trust = "known";
    await this.keyring?.pin(person, partner.agreed.identity);
    this.#changed();
  }

  /** Speak with somebody whose key changed, in order to compare. @param {string} person */
  goOn(person) {
    const partner = this.partners.get(person);
    if (partner?.trust !== "changed") return;
    partner.trust = "new";
    this.#admit(partner);
  }

  /** The codes differ: say and show nothing more to whoever that is. @param {string} person */
  differ(person) {
    const partner = this.partners.get(person);
    if (!partner) return;
    partner.trust = "differs";
    this.#shut(partner);
    this.#rekey();
    this.#changed();
  }

  /** Stop sending sound and pictures until `resume`. */
  stop() {
    this.isStopped = true;
    this.cover.tell("stop");
  }

  /** Go on sending, under a new key. */
  resume() {
    this.isStopped = false;
    this.#rekey();
  }

  async #prepare() {
    await this.cover.ready;
    this.keyring = await openKeyring(this.me);
    this.agreements.own = this.keyring.own;
  }

  /** @param {string} person @param {Agreed} agreed */
  async #agreed(person, agreed) {
    const partner = this.partners.get(person);
    if (!partner || partner.trust === "differs") return;
    const before = partner.agreed;
    const trust = (await this.keyring?.judge(person, agreed.identity)) ?? "new";
    const isSame = before !== null && base64(before.identity) === base64(agreed.identity);
    partner.agreed = agreed;
    partner.trust = trust === "changed" && partner.trust === "new" && isSame ? "new" : trust; // what was decided holds while the key does
    if (partner.trust === "changed") this.#shut(partner);
    else this.#admit(partner);
    this.#changed();
  }

  /** @param {Partner} partner */
  #shut(partner) {
    partner.isOpen = false;
    this.channel.shut(partner.person);
    this.cover.tell("forget", { person: partner.person });
    partner.holds = true;
    this.agreements.tell(partner.person, "held");
  }

  /** @param {Partner} partner */
  #admit(partner) {
    if (!partner.agreed) return;
    partner.isOpen = true;
    this.channel.open(partner.person, partner.agreed);
    if (partner.holds) this.agreements.tell(partner.person, "settled");
    partner.holds = false;
    this.#rekey();
    this.#changed();
  }

  /** @param {string} person @param {boolean} isHeld whether the other side waits for somebody to decide */
  #waited(person, isHeld) {
    const partner = this.partners.get(person);
    if (!partner) return;
    if (partner.isHeld && !isHeld) this.channel.again(person);
    partner.isHeld = isHeld;
    this.#changed();
  }

  /** Change the key of what we send, once for all that asked meanwhile. */
  async #rekey() {
    this.isWanted = true;
    if (this.isKeying) return;
    this.isKeying = true;
    while (this.isWanted) {
      this.isWanted = false;
      await this.#key();
    }
    this.isKeying = false;
  }

  /** Draw a new key, and give it to everybody we trust so far before it is used. */
  async #key() {
    const secret = random(32);
    const open = [...this.partners.values()].filter(({ isOpen }) => isOpen);
    const keyed = await Promise.all(open.map(async ({ person, agreed }) => [person, await fingerprint(/** @type {Agreed} */ (agreed).identity)]));
    const sent = open.map(({ person, here }) => [here, this.channel.send("@key", { keyed }, { to: person, bytes: secret })]);
    await Promise.race([Promise.all(sent.map(([here, received]) => here && received)), pause(DELIVERED_WITHIN)]);
    if (!this.isStopped) this.cover.tell("use", { secret });
  }

  /** Take in somebody's key, and to whom else they gave it. @param {{from: string, body: {keyed: [string, string][]}, bytes: Uint8Array}} key */
  #learn({ from, body, bytes }) {
    const partner = this.partners.get(from);
    if (!partner?.isOpen || bytes.length !== 32) return;
    partner.keyed = body.keyed;
    this.cover.tell("learn", { person: from, secret: bytes });
    setTimeout(() => this.#check(from), this.patience);
  }

  /** See whether everybody who holds somebody's key is somebody we see. @param {string} by */
  async #check(by) {
    const partner = this.partners.get(by);
    if (!partner?.here) return;
    for (const [person, told] of partner.keyed) {
      const seen = this.partners.get(person);
      const identity = person === this.me ? await this.#own() : seen?.agreed?.identity;
      if (identity ? (await fingerprint(identity)) === told : seen) continue;
      this.dispatchEvent(new CustomEvent("ghost", { detail: { by: partner.name, person: seen?.name ?? "" } }));
    }
  }

  async #own() {
    const raw = await crypto.subtle.exportKey("raw", /** @type {CryptoKeyPair} */ (this.agreements.own).publicKey);
    return new Uint8Array(raw);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {Uint8Array} identity */
const fingerprint = async (identity) => base64(await sha256(identity));
