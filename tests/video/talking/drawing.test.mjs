import assert from "node:assert";
import { test } from "node:test";
import { Drawing } from "../../../practice/static/js/room/drawing.js";

const line = (id, from, ...points) => ({ do: "draw", id, pen: "ink", from, points });

test("a line grows piece by piece, and repeating a piece changes nothing", () => {
  const drawing = new Drawing();
  drawing.apply(line("a", 0, 0, 0, 10, 10));
  drawing.apply(line("a", 4, 20, 20));
  drawing.apply(line("a", 4, 20, 20));
  assert.deepEqual(drawing.items.get("a").points, [0, 0, 10, 10, 20, 20]);
});

test("whoever comes later gets the same sheet, and what was erased stays erased", () => {
  const here = new Drawing();
  here.apply(line("a", 0, 0, 0, 10, 10));
  here.apply({ do: "write", id: "b", pen: "blue", points: [5, 5], text: "A walk" });
  here.apply(line("c", 0, 7, 7));
  here.apply({ do: "erase", ids: ["c"] });
  here.apply(line("c", 0, 7, 7));
  const there = new Drawing();
  for (const change of here.all()) there.apply(change);
  assert.deepEqual([...there.items], [...here.items]);
  assert.deepEqual([...there.items.keys()], ["a", "b"]);
});

test("the eraser takes what lies under it, and nothing beside it", () => {
  const drawing = new Drawing();
  drawing.apply(line("a", 0, 0, 0, 100, 0));
  assert.equal(drawing.at(50, 10, 24), "a");
  assert.equal(drawing.at(50, 40, 24), "");
});

test("what makes no sense changes nothing", () => {
  const drawing = new Drawing();
  const senseless = [
    null,
    5,
    {},
    { do: "draw" },
    line(7, 0, 0, 0),
    line("a", 0, 0),
    line("a", 2, 0, 0),
    line("a", -1, 0, 0),
    line("a", 0, Infinity, 0),
    line("a", 0, "1", 0),
    { ...line("a", 0, 0, 0), pen: "url(x)" },
    { do: "write", id: "a", pen: "ink", points: [0, 0], text: 5 },
    { do: "erase", ids: "a" },
    line("a", 0, ...Array(9000).fill(1)),
  ];
  for (const change of senseless) drawing.apply(change);
  assert.equal(drawing.items.size, 0);
});

test("a sheet has an end, whatever a page sends", () => {
  const drawing = new Drawing();
  for (let number = 0; number < 2500; number += 1) drawing.apply(line(`n${number}`, 0, 1, 1));
  for (let times = 0; times < 5; times += 1) drawing.apply(line("n0", drawing.items.get("n0").points.length, ...Array(4000).fill(1)));
  assert.equal(drawing.items.size, 2000);
  assert.equal(drawing.items.get("n0").points.length, 8000);
});
