import assert from "node:assert";
import { test } from "node:test";

/** An element, as much of one as the layout touches. */
const element = (more = {}) => {
  const classes = new Set();
  const classList = { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)), contains: (name) => classes.has(name) };
  return { hidden: false, dataset: {}, style: { setProperty() {} }, children: [], clientWidth: 1200, clientHeight: 700, addEventListener() {}, setAttribute() {}, classList, ...more };
};
const elements = new Map([["shared", element({ hidden: true })]]);
globalThis.document = { getElementById: (id) => elements.get(id) ?? elements.set(id, element()).get(id) };
globalThis.localStorage = { getItem: () => null, setItem() {} };
globalThis.ResizeObserver = class {
  observe() {}
};
const { Layout } = await import("../../../practice/static/js/room/layout.js");

const seat = (person) => ({ person, name: person, element: element(), pin: element() });
const large = (seats) => seats.find((each) => each.element.classList.contains("seat-large"))?.person;

test("whoever is kept large is large again when their line is back", () => {
  const seats = ["alice", "ben"].map(seat);
  const layout = new Layout(seats);
  assert.equal(large(seats), "alice");
  layout.pin("ben");
  layout.speaks("alice");
  assert.equal(large(seats), "ben");
  seats[1].person = "";
  layout.arrange();
  assert.equal(large(seats), "alice");
  seats[1].person = "ben";
  layout.arrange();
  assert.equal(large(seats), "ben");
  layout.pin("ben");
  assert.equal(large(seats), "alice");
});
