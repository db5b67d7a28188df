// @ts-check
// Two pages agree on keys: commit, share, reveal, in the manner of ZRTP (RFC 6189 section 4.4). The commitment leaves
// somebody in the middle one blind guess at the short code, so 30 bits are enough. Keys come from three P-256
// agreements, of ephemeral keys with each other and with both identities, and HKDF (RFC 5869) over all that was said.

import { base64, framed, joined, random, same, sha256, unbase64, utf8 } from "./bytes.js";

/** @typedef {{person: string, page: string}} Party who, and which loading of their page */
/** @typedef {{t: string, from: string, to: string, c?: string, id?: string, e?: string, n?: string}} Word */
/** @typedef {{identity: Uint8Array, ephemeral: Uint8Array, nonce: Uint8Array}} Shares */
/** @typedef {{name: string, out: CryptoKey, in: CryptoKey, code: number[], identity: Uint8Array}} Agreed */

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SUITE = "stillpoint room 1 P-256 SHA-256 AES-256-GCM";
const POINT = 65;
const NONCE = 16;
const SYMBOLS = 5;
const BITS_EACH = 6;

/** Make a pair whose private half no script can read out. @returns {Promise<CryptoKeyPair>} */
export const newPair = () => /** @type {Promise<CryptoKeyPair>} */ (crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));

/** @param {CryptoKey} key */
export const rawPublic = async (key) => new Uint8Array(await crypto.subtle.exportKey("raw", key));

/** One agreement with one page of one person, seen from one side. Throws where a word does not fit. */
export class Handshake {
  /** @param {CryptoKeyPair} own our identity @param {Party} me @param {Party} them @param {boolean} begins whether we commit */
  constructor(own, me, them, begins) {
    this.own = own;
    this.me = me;
    this.them = them;
    this.begins = begins;
    /** @type {CryptoKeyPair | null} */
    this.pair = null;
    /** @type {Shares | null} */
    this.mine = null;
    /** @type {Uint8Array | null} */
    this.commitment = null;
    this.isOver = false;
  }

  /** Begin. @returns {Promise<Word>} what to say */
  async commit() {
    const mine = await this.#draw();
    return this.#word("commit", { c: base64(await commitmentOf(this.me, this.them, mine)) });
  }

  /** Answer what the other page said. @param {Word} word @returns {Promise<{say?: Word, agreed?: Agreed}>} */
  async hear(word) {
    if (this.isOver) throw new Error("the agreement is over");
    if (word.t === "commit" && !this.begins && !this.commitment) {
      this.commitment = unbase64(word.c ?? "");
      return { say: this.#shared("share", await this.#draw()) };
    }
    if (word.t === "share" && this.begins && this.mine) {
      const agreed = await this.#agree(sharesIn(word));
      return { say: this.#shared("reveal", this.mine), agreed };
    }
    if (word.t === "reveal" && !this.begins && this.commitment) {
      const theirs = sharesIn(word);
      if (!same(this.commitment, await commitmentOf(this.them, this.me, theirs))) throw new Error("not what was committed to");
      return { agreed: await this.#agree(theirs) };
    }
    throw new Error(`out of turn: ${word.t}`);
  }

  async #draw() {
    this.pair = await newPair();
    this.mine = { identity: await rawPublic(this.own.publicKey), ephemeral: await rawPublic(this.pair.publicKey), nonce: random(NONCE) };
    return this.mine;
  }

  /** @param {string} t @param {Partial<Word>} rest @returns {Word} */
  #word(t, rest) {
    return { t, from: this.me.page, to: this.them.page, ...rest };
  }

  /** @param {string} t @param {Shares} shares */
  #shared(t, { identity, ephemeral, nonce }) {
    return this.#word(t, { id: base64(identity), e: base64(ephemeral), n: base64(nonce) });
  }

  /** @param {Shares} theirs @returns {Promise<Agreed>} */
  async #agree(theirs) {
    const { pair, mine } = this;
    if (!pair || !mine) throw new Error("nothing drawn yet");
    this.isOver = true;
    const [ephemeral, identity] = await Promise.all([theirs.ephemeral, theirs.identity].map(publicKey));
    const secrets = [await agreed(pair, ephemeral), await agreed(pair, identity), await agreed(this.own, ephemeral)];
    const [first, second] = this.begins ? [mine, theirs] : [theirs, mine];
    const [from, to] = this.begins ? [this.me, this.them] : [this.them, this.me];
    // "Our ephemeral with their identity" is the other side's "our identity with their ephemeral": one order for both.
    if (!this.begins) secrets.push(secrets.splice(1, 1)[0]);
    const transcript = framed(SUITE, from.person, from.page, to.person, to.page, ...parts(first), ...parts(second));
    return derived(joined(...secrets), await sha256(transcript), this.begins, theirs.identity);
  }
}

/** @param {Uint8Array} secret @param {Uint8Array} transcript @param {boolean} begins @param {Uint8Array} identity @returns {Promise<Agreed>} */
async function derived(secret, transcript, begins, identity) {
  const base = await crypto.subtle.importKey("raw", /** @type {BufferSource} */ (secret), "HKDF", false, ["deriveBits", "deriveKey"]);
  /** @param {string} info */
  const how = (info) => ({ name: "HKDF", hash: "SHA-256", salt: /** @type {BufferSource} */ (transcript), info: utf8(info) });
  /** @param {string} info */
  const key = (info) => crypto.subtle.deriveKey(how(info), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const [there, back] = [await key("from first to second"), await key("from second to first")];
  const code = new DataView(await crypto.subtle.deriveBits(how("short code"), base, 32)).getUint32(0);
  return {
    name: base64(transcript.subarray(0, 8)),
    out: begins ? there : back,
    in: begins ? back : there,
    code: Array.from({ length: SYMBOLS }, (_, place) => (code >>> (BITS_EACH * place)) & 63),
    identity,
  };
}

/** @param {Shares} shares */
const parts = ({ identity, ephemeral, nonce }) => [identity, ephemeral, nonce];

/** @param {Party} from @param {Party} to @param {Shares} shares */
const commitmentOf = (from, to, shares) => sha256(framed(SUITE, "commit", from.person, from.page, to.person, to.page, ...parts(shares)));

/** @param {Word} word @returns {Shares} */
function sharesIn({ id, e, n }) {
  const shares = { identity: unbase64(id ?? ""), ephemeral: unbase64(e ?? ""), nonce: unbase64(n ?? "") };
  if (shares.identity.length !== POINT || shares.ephemeral.length !== POINT || shares.nonce.length !== NONCE) throw new Error("not our shares");
  return shares;
}

/** Read a point; one that is not on the curve throws. @param {Uint8Array} raw */
const publicKey = (raw) => crypto.subtle.importKey("raw", /** @type {BufferSource} */ (raw), CURVE, false, []);

/** @param {CryptoKeyPair} pair @param {CryptoKey} theirs */
const agreed = async (pair, theirs) => new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256));
