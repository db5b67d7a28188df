// @ts-check
// One frame of sound or picture, sealed: clear bytes, AES-256-GCM ciphertext and tag, counter (8), key id (4), number
// of clear bytes (1); 29 bytes more. The key belongs to one sender and one label, so that a camera cannot be passed off
// as a screen. Ten bytes of a VP8 keyframe and one of others stay clear (RFC 6386 section 9.1): forwarders tell by them
// where a picture begins.

import { framed, hex, joined, sha256, utf8 } from "./bytes.js";

const TAIL = 13;
const TAG = 16;
const REPLAY = 1024;

/** @typedef {"audio" | "camera" | "screen"} Label */
/** @typedef {{key: CryptoKey, salt: Uint8Array}} LabelKey */

/** Name a sender's secret. @param {Uint8Array} secret @returns {Promise<Uint8Array>} 4 bytes */
export const keyId = async (secret) => (await sha256(framed("stillpoint frame key", secret))).slice(0, 4);

/** The keys of one sender's secret, one per label, made when first used (HKDF, RFC 5869). */
export class SenderKeys {
  /** @param {Uint8Array} secret @param {Uint8Array} id */
  constructor(secret, id) {
    this.id = id;
    this.base = crypto.subtle.importKey("raw", /** @type {BufferSource} */ (secret), "HKDF", false, ["deriveBits", "deriveKey"]);
    /** @type {Map<Label, Promise<LabelKey>>} */
    this.keys = new Map();
    /** @type {Map<Label, number>} the newest counter that was taken in, or given out */
    this.counters = new Map();
  }

  /** @param {Label} label */
  of(label) {
    let key = this.keys.get(label);
    if (!key) this.keys.set(label, (key = this.#derive(label)));
    return key;
  }

  /** @param {Label} label @returns {number} a counter never given out before */
  count(label) {
    const counter = (this.counters.get(label) ?? -1) + 1;
    this.counters.set(label, counter);
    return counter;
  }

  /** @param {Label} label @returns {Promise<LabelKey>} */
  async #derive(label) {
    const base = await this.base;
    /** @param {string} what */
    const how = (what) => ({ name: "HKDF", hash: "SHA-256", salt: utf8("stillpoint frames 1"), info: utf8(`${what} ${label}`) });
    const key = await crypto.subtle.deriveKey(how("key"), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return { key, salt: new Uint8Array(await crypto.subtle.deriveBits(how("salt"), base, 32)) };
  }
}

/** Seal bytes, leaving the first ones clear. @param {SenderKeys} keys @param {Label} label @param {Uint8Array} bytes @param {number} clear how many */
export async function seal(keys, label, bytes, clear) {
  const shown = bytes.subarray(0, clear);
  const tail = new Uint8Array(TAIL);
  new DataView(tail.buffer).setBigUint64(0, BigInt(keys.count(label)));
  tail.set(keys.id, 8);
  tail[TAIL - 1] = shown.length;
  const { key, salt } = await keys.of(label);
  const sealed = await crypto.subtle.encrypt(how(label, salt, shown, tail), key, /** @type {BufferSource} */ (bytes.subarray(shown.length)));
  return joined(shown, new Uint8Array(sealed), tail);
}

/** Read what stands around a sealed frame; null when it is too short to be one. @param {Uint8Array} bytes */
export function around(bytes) {
  const clear = bytes[bytes.length - 1];
  if (bytes.length < TAIL + TAG + (clear ?? 0)) return null;
  const tail = bytes.slice(bytes.length - TAIL);
  return { clear, tail, keyId: hex(tail.subarray(8, 12)), counter: Number(new DataView(tail.buffer).getBigUint64(0)) };
}

/** Open a sealed frame; throws when it is not what was sealed. @param {SenderKeys} keys @param {Label} label @param {Uint8Array} bytes @param {{clear: number, tail: Uint8Array}} parts */
export async function open(keys, label, bytes, { clear, tail }) {
  const shown = bytes.slice(0, clear);
  const { key, salt } = await keys.of(label);
  const sealed = /** @type {BufferSource} */ (bytes.subarray(clear, bytes.length - TAIL));
  return joined(shown, new Uint8Array(await crypto.subtle.decrypt(how(label, salt, shown, tail), key, sealed)));
}

/** @param {Label} label @param {Uint8Array} salt @param {Uint8Array} shown @param {Uint8Array} tail */
function how(label, salt, shown, tail) {
  const iv = joined(salt.subarray(0, 4), tail.subarray(0, 8));
  return { name: "AES-GCM", iv, additionalData: /** @type {BufferSource} */ (framed(label, shown, tail)) };
}

/** Which frames of one key came over one line. An old frame, or one that came before, is not shown again. */
export class Seen {
  /** @param {number} newest the newest one that came over any line before this one began */
  constructor(newest) {
    this.newest = newest;
    /** @type {Set<number>} */
    this.counters = new Set();
  }

  /** Whether a frame may still be shown. @param {number} counter */
  isFresh(counter) {
    return counter > this.newest - REPLAY && !this.counters.has(counter);
  }

  /** Note a frame that was shown. @param {number} counter */
  note(counter) {
    this.counters.add(counter);
    if (counter > this.newest) this.newest = counter;
    if (this.counters.size <= 2 * REPLAY) return;
    for (const old of this.counters) if (old <= this.newest - REPLAY) this.counters.delete(old);
  }
}
