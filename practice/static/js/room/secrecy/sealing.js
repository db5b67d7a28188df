// @ts-check
// One sealed piece between two pages: AES-256-GCM (NIST SP 800-38D) under the key of its direction, with a counter
// that is never used twice. Layout: name of the agreement (8), what it is (1), counter (8), ciphertext and tag.

import { base64, joined, unbase64 } from "./bytes.js";

export const DATA = 1;
export const RECEIPT = 2;
const NAME = 8;
const HEAD = 17;

/** @param {import("./handshake.js").Agreed} keys @param {number} what @param {number} counter @param {Uint8Array} plain @returns {Promise<string>} base64 */
export async function seal(keys, what, counter, plain) {
  const head = joined(unbase64(keys.name), new Uint8Array([what]), counted(counter));
  const sealed = await crypto.subtle.encrypt(how(head), keys.out, /** @type {BufferSource} */ (plain));
  return base64(joined(head, new Uint8Array(sealed)));
}

/** Open a piece; null when it was not sealed for this agreement. @param {import("./handshake.js").Agreed} keys @param {string} written */
export async function open(keys, written) {
  const bytes = unbase64(written);
  const head = bytes.slice(0, HEAD);
  if (bytes.length <= HEAD || base64(head.subarray(0, NAME)) !== keys.name) return null;
  try {
    const plain = new Uint8Array(await crypto.subtle.decrypt(how(head), keys.in, bytes.slice(HEAD)));
    return { what: head[NAME], counter: Number(new DataView(head.buffer).getBigUint64(NAME + 1)), plain };
  } catch {
    return null;
  }
}

/** Write a number into eight bytes. @param {number} counter */
export function counted(counter) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(counter));
  return bytes;
}

/** @param {Uint8Array} head */
function how(head) {
  const iv = new Uint8Array(12);
  iv[0] = head[NAME];
  iv.set(head.subarray(NAME + 1), 4);
  return { name: "AES-GCM", iv, additionalData: /** @type {BufferSource} */ (head) };
}
