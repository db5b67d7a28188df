// The ladder: down quickly, up slowly, and more slowly each time it was too early.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ladder } from "../../../practice/static/js/room/ladder.js";

const fine = { lost: 0, trip: 40, carries: 2000 };
const lossy = { lost: 0.3, trip: 80, carries: null };
const broken = { lost: 0.6, trip: 80, carries: null };
const narrow = { lost: 0, trip: 80, carries: 100 };

/** Live through some seconds of the same weather; give the rung. */
function through(ladder, seconds, reading) {
  for (let second = 0; second < seconds; second += 1) ladder.note(reading);
  return ladder.rung;
}

test("a good connection stays on top", () => assert.equal(through(new Ladder(), 600, fine), 0));

test("one bad second changes nothing", () => {
  const ladder = new Ladder();
  for (let time = 0; time < 60; time += 1) {
    ladder.note(lossy);
    assert.equal(through(ladder, 3, fine), 0);
  }
});

test("loss ends at sound only, and a broken connection at text", () => {
  assert.equal(through(new Ladder(), 60, lossy), 3);
  assert.equal(through(new Ladder(), 60, broken), 4);
});

test("a narrow way keeps a small picture, and larger ones are tried ever less often", () => {
  const ladder = new Ladder();
  const rungs = Array.from({ length: 600 }, () => ladder.note(narrow));
  assert.ok(rungs.every((rung) => rung < 3));
  assert.ok(rungs.slice(300).filter((rung) => rung === 2).length > 270);
});

test("sound only is reached within fifteen seconds", () => assert.equal(through(new Ladder(), 15, lossy), 3));

test("it climbs one rung after the other", () => {
  const ladder = new Ladder();
  through(ladder, 60, lossy);
  assert.equal(through(ladder, 9, fine), 3);
  assert.equal(through(ladder, 1, fine), 2);
  assert.equal(through(ladder, 20, fine), 0);
});

test("whoever climbed too early waits twice as long", () => {
  const ladder = new Ladder();
  through(ladder, 60, lossy);
  through(ladder, 10, fine);
  assert.equal(ladder.rung, 2);
  through(ladder, 6, lossy);
  assert.equal(ladder.rung, 3);
  assert.equal(through(ladder, 19, fine), 3);
  assert.equal(through(ladder, 1, fine), 2);
});
