import assert from "node:assert";
import { test } from "node:test";
import { random } from "../../../practice/static/js/room/secrecy/bytes.js";
import { Seen, SenderKeys, around, keyId, open, seal } from "../../../practice/static/js/room/secrecy/frames.js";
import { blocksIn, copiesOf, payloadOf } from "../../../practice/static/js/room/secrecy/red.js";

const keysOf = async (secret) => new SenderKeys(secret, await keyId(secret));
const frame = new Uint8Array(500).map((_, at) => at);

test("a frame opens under its sender's key and its own label, and under nothing else", async () => {
  const secret = random(32);
  const [sender, viewer, stranger] = [await keysOf(secret), await keysOf(secret), await keysOf(random(32))];
  const sealed = await seal(sender, "camera", frame, 10);
  assert.equal(sealed.length, frame.length + 29);
  assert.deepEqual(sealed.subarray(0, 10), frame.subarray(0, 10));
  assert.deepEqual(await open(viewer, "camera", sealed, around(sealed)), frame);
  await assert.rejects(open(viewer, "screen", sealed, around(sealed)));
  await assert.rejects(open(stranger, "camera", sealed, around(sealed)));
});

test("a frame of which one bit was changed does not open, wherever the bit is", async () => {
  const secret = random(32);
  const [sender, viewer] = [await keysOf(secret), await keysOf(secret)];
  const sealed = await seal(sender, "camera", frame.subarray(0, 40), 10);
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = sealed.slice();
    changed[at] ^= 1;
    const parts = around(changed);
    if (parts) await assert.rejects(open(viewer, "camera", changed, parts), `byte ${at}`);
  }
});

test("no two frames are sealed alike", async () => {
  const sender = await keysOf(random(32));
  const sealed = new Set();
  for (let turn = 0; turn < 50; turn += 1) sealed.add(Buffer.from(await seal(sender, "audio", frame.subarray(0, 8), 0)).toString("hex"));
  assert.equal(sealed.size, 50);
});

test("a frame is shown once, and an old one not at all", () => {
  const seen = new Seen(-1);
  for (const counter of [5, 3, 4]) assert(seen.isFresh(counter)), seen.note(counter);
  assert(!seen.isFresh(4));
  for (let counter = 6; counter < 5000; counter += 1) seen.note(counter);
  assert(!seen.isFresh(4999) && !seen.isFresh(3900) && seen.isFresh(5000));
  assert(seen.counters.size <= 2049);
  const later = new Seen(4999); // another line begins: what is long past stays past
  assert(!later.isFresh(100) && later.isFresh(4998));
});

test("what is too short to be sealed is none", () => {
  assert.equal(around(new Uint8Array()), null);
  assert.equal(around(new Uint8Array(28)), null);
  assert.equal(around(new Uint8Array(40).fill(200)), null);
});

test("redundant audio is taken apart and put together as it was", () => {
  const block = (type, offset, length) => ({ type, offset, bytes: new Uint8Array(length).fill(length) });
  for (const blocks of [[block(111, 0, 90)], [block(111, 960, 80), block(111, 0, 90)], [block(111, 1920, 1), block(111, 960, 1000), block(111, 0, 0)]]) {
    assert.deepEqual(blocksIn(payloadOf(blocks)), blocks);
  }
  assert.deepEqual(blocksIn(payloadOf([block(111, 960, 1024), block(111, 0, 5)])), [block(111, 0, 5)]);
  for (const broken of [[], [0x80], [0xef, 0, 0], [0xef, 0x0f, 0x03, 0xff, 111, 1]]) assert.equal(blocksIn(new Uint8Array(broken)), null);
});

test("a packet carries the frames before it, the newest ones, as far back as can be said", () => {
  const sent = [5000, 4294966336, 0, 960].map((timestamp) => ({ timestamp, bytes: new Uint8Array([timestamp & 0xff]) }));
  assert.deepEqual(copiesOf(sent, 1920, 111, 2).map(({ offset }) => offset), [1920, 960]);
  assert.deepEqual(copiesOf(sent, 1920, 111, 9).map(({ offset }) => offset), [2880, 1920, 960]);
  assert.deepEqual(copiesOf([], 1920, 111, 2), []);
  assert.deepEqual(copiesOf(sent, 960, 111, 1), [{ type: 111, offset: 960, bytes: new Uint8Array([0]) }]);
});
