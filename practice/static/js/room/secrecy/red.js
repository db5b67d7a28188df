// @ts-check
// Redundant audio (RFC 2198): each packet carries the frame before it too, or several. Every block is sealed by itself,
// and the copy of a frame is the copy of its ciphertext, so that loss is repaired as before and a block can travel alone.

const LONGEST_BLOCK = 1023;
const LONGEST_OFFSET = 0x3fff;

/** One block: payload type, and how long before the packet's own it was recorded, in samples. @typedef {{type: number, offset: number, bytes: Uint8Array}} Block */

/** Take a payload apart, the newest block last; null when it is not redundant audio. @param {Uint8Array} payload @returns {Block[] | null} */
export function blocksIn(payload) {
  const heads = [];
  let at = 0;
  while (at + 4 <= payload.length && payload[at] & 0x80) {
    const [type, offset] = [payload[at] & 0x7f, (payload[at + 1] << 6) | (payload[at + 2] >> 2)];
    heads.push({ type, offset, length: ((payload[at + 2] & 3) << 8) | payload[at + 3] });
    at += 4;
  }
  if (at >= payload.length || payload[at] & 0x80) return null;
  const last = payload[at] & 0x7f;
  at += 1;
  const blocks = [];
  for (const { type, offset, length } of heads) {
    if (at + length > payload.length) return null;
    blocks.push({ type, offset, bytes: payload.subarray(at, at + length) });
    at += length;
  }
  return [...blocks, { type: last, offset: 0, bytes: payload.subarray(at) }];
}

/** Give what was sent last as blocks to travel along with a newer one, the oldest first. @param {{timestamp: number, bytes: Uint8Array}[]} sent in order @param {number} timestamp the newer one's, in samples @param {number} type @param {number} count how many at most @returns {Block[]} */
export function copiesOf(sent, timestamp, type, count) {
  const blocks = sent.map((each) => ({ type, offset: (timestamp - each.timestamp) >>> 0, bytes: each.bytes }));
  return blocks.filter(({ offset }) => offset && offset <= LONGEST_OFFSET).slice(-count);
}

/** Put blocks together again; a copy that is too long for its length field is left out. @param {Block[]} blocks the newest last */
export function payloadOf(blocks) {
  const newest = blocks[blocks.length - 1];
  const copies = blocks.slice(0, -1).filter(({ bytes }) => bytes.length && bytes.length <= LONGEST_BLOCK);
  const size = copies.reduce((sum, { bytes }) => sum + 4 + bytes.length, 1 + newest.bytes.length);
  const payload = new Uint8Array(size);
  let at = 0;
  for (const { type, offset, bytes } of copies) {
    payload.set([0x80 | type, offset >> 6, ((offset & 0x3f) << 2) | (bytes.length >> 8), bytes.length & 0xff], at);
    at += 4;
  }
  payload[at++] = newest.type;
  for (const { bytes } of [...copies, newest]) {
    payload.set(bytes, at);
    at += bytes.length;
  }
  return payload;
}
