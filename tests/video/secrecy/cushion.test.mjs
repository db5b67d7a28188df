// What is done against lost sound: soon when packets are lost, for a while after, and only where there is room.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Cushion } from "../../../practice/static/js/room/cushion.js";

const clear = { lostIn: 0, lostOut: 0, carries: 2000 };

/** Live through some seconds of the same weather. */
function through(cushion, seconds, weather) {
  for (let second = 0; second < seconds; second += 1) cushion.note({ ...clear, ...weather });
  return [cushion.copies, cushion.wait];
}

test("each way is helped by what helps there", () => {
  assert.deepEqual(through(new Cushion(), 60, {}), [1, 0]);
  assert.deepEqual(through(new Cushion(), 1, { lostOut: 0.1 }), [2, 0]);
  assert.deepEqual(through(new Cushion(), 1, { lostIn: 0.1 }), [1, 100]);
});

test("help goes on for a while after the last loss", () => {
  const cushion = new Cushion();
  through(cushion, 1, { lostIn: 0.1, lostOut: 0.1 });
  assert.deepEqual(through(cushion, 9, {}), [2, 100]);
  through(cushion, 1, { lostIn: 0.02, lostOut: 0.02 });
  assert.deepEqual(through(cushion, 9, {}), [2, 100]);
  assert.deepEqual(through(cushion, 1, {}), [1, 0]);
});

test("a narrow way out is not made narrower", () => {
  assert.deepEqual(through(new Cushion(), 5, { lostOut: 0.2, carries: 90 }), [1, 0]);
  assert.deepEqual(through(new Cushion(), 5, { lostOut: 0.2, carries: null }), [2, 0]);
});
