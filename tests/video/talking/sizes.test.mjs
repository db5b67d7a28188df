// The sizes of a camera in a group: the largest that the browser encodes is the camera's own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sizesFor } from "../../../practice/static/js/room/sizes.js";

const WIDE = 960 * 540;
const OLD = 640 * 480;
const SMALL = 320 * 240;
const RUNGS = [{ maxBitrate: 2_500_000, scaleResolutionDownBy: 1, maxFramerate: 30 }, { maxBitrate: 130_000, scaleResolutionDownBy: 4, maxFramerate: 12 }];

/** By how much the sizes that go out are made smaller. */
const scales = (...given) => sizesFor(...given).filter((size) => size.active).map((size) => size.scaleResolutionDownBy);

test("a camera goes out in as many sizes as the browser encodes, up to its own", () => {
  assert.deepEqual(scales(WIDE, 2, 0, {}), [4, 2, 1]);
  assert.deepEqual(scales(0, 2, 0, {}), [4, 2, 1]);
  assert.deepEqual(scales(OLD, 2, 0, {}), [2, 1]);
  assert.deepEqual(scales(SMALL, 2, 0, {}), [1]);
});

test("what nobody watches does not go out", () => {
  assert.deepEqual(scales(WIDE, 1, 0, {}), [4, 2]);
  assert.deepEqual(scales(OLD, 0, 0, {}), [2]);
  assert.deepEqual(scales(SMALL, 0, 0, {}), [1]);
});

test("each rung down the ladder leaves the largest out, and a lone size is bounded", () => {
  assert.deepEqual([0, 1, 2].map((rung) => scales(WIDE, 2, rung, {})), [[4, 2, 1], [4, 2], [4]]);
  assert.deepEqual([0, 1, 2].map((rung) => scales(OLD, 2, rung, {})), [[2, 1], [2], [2]]);
  const [lone] = sizesFor(SMALL, 2, 2, RUNGS[1]);
  assert.deepEqual(lone, { ...RUNGS[1], active: true });
});

test("a bound that is over is taken back", () => {
  const [first] = sizesFor(WIDE, 2, 0, RUNGS[0]);
  assert.equal(first.maxFramerate, 30);
  assert.equal(first.maxBitrate, 120_000);
});
