// @ts-check
// The worker that every frame passes through on its way out and in. Fail closed: without the right key a frame is
// dropped, never sent in the clear and never handed to a decoder, which would turn ciphertext into loud noise.

import { Seen, SenderKeys, around, keyId, open, seal } from "./frames.js";
import { hex } from "./bytes.js";
import { blocksIn, copiesOf, payloadOf } from "./red.js";

const KEPT_KEYS = 3;
const KEPT_COPIES = 4;
const BETWEEN_REQUESTS = 300;
const RED = "audio/red";

/** @typedef {import("./frames.js").Label} Label */
/** @typedef {{way: "out" | "in", label: Label, slot: number}} Options */
/** @typedef {{options: Options, transformer: any, sealed: {timestamp: number, bytes: Uint8Array}[], seen: Map<SenderKeys, Seen>, isStarved: boolean, askedAt: number}} Line */

/** @type {SenderKeys | null} */
let own = null;
/** @type {Map<string, SenderKeys[]>} by person, the newest first */
const others = new Map();
/** How many earlier frames each packet of sound carries. */
let copies = 1;
/** @type {Record<string, string>} who sits on each slot, as the page shows it */
let seats = {};
/** @type {Set<Line>} */
const lines = new Set();
/** How many frames passed and were dropped, by way and label. @type {Record<string, {passed: number, dropped: number}>} */
const counts = {};

/** @param {Options} options */
const countOf = ({ way, label, slot }) => (counts[`${way} ${label} ${slot}`] ??= { passed: 0, dropped: 0 });

/** @type {Record<string, (message: any) => any>} */
const orders = {
  async use({ secret }) {
    own = new SenderKeys(secret, await keyId(secret));
    for (const line of lines) if (line.options.way === "out" && line.options.label !== "audio") line.transformer?.generateKeyFrame?.().catch(() => {});
  },
  async learn({ person, secret }) {
    const id = await keyId(secret);
    const known = others.get(person) ?? [];
    if (known.some((keys) => hex(keys.id) === hex(id))) return;
    others.set(person, [new SenderKeys(secret, id), ...known].slice(0, KEPT_KEYS));
  },
  forget({ person }) {
    others.delete(person);
  },
  stop() {
    own = null;
  },
  seat({ slots }) {
    seats = slots;
  },
  spare(message) {
    copies = message.copies;
  },
  count({ port }) {
    port.postMessage(counts);
  },
  pipe({ readable, writable, options }) {
    pipe(readable, writable, options, null);
  },
};

self.addEventListener("message", ({ data }) => orders[data.order](data));
self.addEventListener("rtctransform", (event) => {
  const { transformer } = /** @type {any} */ (event);
  pipe(transformer.readable, transformer.writable, transformer.options, transformer);
});

/** @param {ReadableStream} readable @param {WritableStream} writable @param {Options} options @param {any} transformer */
function pipe(readable, writable, options, transformer) {
  /** @type {Line} */
  const line = { options, transformer, sealed: [], seen: new Map(), isStarved: false, askedAt: 0 };
  lines.add(line);
  const act = options.way === "out" ? outgoing : incoming;
  const through = new TransformStream({ transform: (frame, onward) => act(line, frame, onward) });
  readable.pipeThrough(through).pipeTo(writable).catch(() => {}).finally(() => lines.delete(line));
}

/** @param {Line} line @param {any} frame @param {TransformStreamDefaultController} onward */
async function outgoing(line, frame, onward) {
  const keys = own;
  const count = countOf(line.options);
  const bytes = keys && (await sealed(line, keys, frame).catch(() => null));
  if (!bytes) return void (count.dropped += 1);
  count.passed += 1;
  frame.data = bytes.buffer;
  onward.enqueue(frame);
}

/** @param {Line} line @param {SenderKeys} keys @param {any} frame */
async function sealed(line, keys, frame) {
  const { label } = line.options;
  const bytes = new Uint8Array(frame.data);
  if (label !== "audio") return seal(keys, label, bytes, frame.type === "key" ? 10 : 1);
  const blocks = typeOf(frame) === RED ? blocksIn(bytes) : null;
  if (!blocks) return seal(keys, label, bytes, 0);
  const newest = blocks[blocks.length - 1];
  const timestamp = (frame.getMetadata().rtpTimestamp ?? frame.timestamp) >>> 0;
  const earlier = copiesOf(line.sealed, timestamp, newest.type, copies);
  const own = await seal(keys, label, newest.bytes, 0);
  line.sealed = [...line.sealed, { timestamp, bytes: own }].slice(-KEPT_COPIES);
  return payloadOf([...earlier, { ...newest, bytes: own }]);
}

/** @param {Line} line @param {any} frame @param {TransformStreamDefaultController} onward */
async function incoming(line, frame, onward) {
  const count = countOf(line.options);
  const bytes = new Uint8Array(frame.data);
  const plain = line.options.label === "audio" ? await openedSound(line, bytes, typeOf(frame)) : await opened(line, bytes);
  if (!plain) {
    count.dropped += 1;
    line.isStarved = true;
    return;
  }
  count.passed += 1;
  if (line.isStarved && line.options.label !== "audio" && frame.type !== "key") askForPicture(line);
  else line.isStarved = false;
  frame.data = plain.buffer;
  onward.enqueue(frame);
}

/** Open sound, be it one block or several; a browser that does not tell which of the two leaves us to try. @param {Line} line @param {Uint8Array} bytes @param {string} type */
async function openedSound(line, bytes, type) {
  const blocks = type === RED || !type ? blocksIn(bytes) : null;
  if (type === RED) return (blocks && (await openedBlocks(line, blocks))) ?? opened(line, bytes);
  return (await opened(line, bytes)) ?? (blocks && openedBlocks(line, blocks));
}

/** Open each block; a copy of what was heard already is left out. @param {Line} line @param {import("./red.js").Block[]} blocks */
async function openedBlocks(line, blocks) {
  const plain = [];
  for (const [place, block] of blocks.entries()) {
    const bytes = await opened(line, block.bytes);
    if (bytes) plain.push({ ...block, bytes });
    else if (place === blocks.length - 1) return null;
  }
  return payloadOf(plain);
}

/** @param {Line} line @param {Uint8Array} bytes */
async function opened(line, bytes) {
  const parts = around(bytes);
  const keys = parts && others.get(seats[line.options.slot])?.find((each) => hex(each.id) === parts.keyId);
  if (!parts || !keys) return null;
  const { label } = line.options;
  let seen = line.seen.get(keys);
  if (!seen) line.seen.set(keys, (seen = new Seen(keys.counters.get(label) ?? -1)));
  if (!seen.isFresh(parts.counter)) return null;
  try {
    const plain = await open(keys, label, bytes, parts);
    seen.note(parts.counter);
    if (parts.counter > (keys.counters.get(label) ?? -1)) keys.counters.set(label, parts.counter);
    return plain;
  } catch {
    return null;
  }
}

/** @param {Line} line */
function askForPicture(line) {
  const now = performance.now();
  if (now - line.askedAt < BETWEEN_REQUESTS) return;
  line.askedAt = now;
  line.transformer?.sendKeyFrameRequest?.().catch(() => {});
}

/** @param {any} frame @returns {string} */
const typeOf = (frame) => (frame.getMetadata().mimeType ?? "").toLowerCase();

self.postMessage("ready");
