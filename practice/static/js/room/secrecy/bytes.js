// @ts-check
// Bytes: joined without ambiguity, written as text, compared, hashed.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {string} text */
export const utf8 = (text) => encoder.encode(text);

/** @param {BufferSource} bytes */
export const text = (bytes) => decoder.decode(bytes);

/** Write bytes as base64 (RFC 4648 section 4). @param {Uint8Array} bytes */
export function base64(bytes) {
  let characters = "";
  for (let at = 0; at < bytes.length; at += 8192) characters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(characters);
}

/** @param {string} written */
export const unbase64 = (written) => Uint8Array.from(atob(written), (character) => character.charCodeAt(0));

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Put pieces one behind the other. @param {Uint8Array[]} pieces */
export function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Put pieces one behind the other, each after its length, so that no two lists read the same. @param {(Uint8Array | string)[]} pieces */
export function framed(...pieces) {
  return joined(
    ...pieces.flatMap((piece) => {
      const bytes = typeof piece === "string" ? utf8(piece) : piece;
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.length);
      return [length, bytes];
    }),
  );
}

/** SHA-256 (FIPS 180-4). @param {Uint8Array} bytes */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes)));

/** @param {Uint8Array} one @param {Uint8Array} other */
export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** @param {number} length */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
