import assert from "node:assert";
import { test } from "node:test";

/** Elements by their ids, each only as much of one as the modules under test touch. */
const elements = new Map();
globalThis.document = {
  getElementById: (id) => elements.get(id) ?? elements.set(id, { hidden: true, textContent: "" }).get(id),
  addEventListener: () => {},
};
const { Clock } = await import("../../../practice/static/js/room/clock.js");
const { plain, sizeOf } = await import("../../../practice/static/js/room/files.js");
const { columnsFor } = await import("../../../practice/static/js/room/layout.js");
const { canWrite } = await import("../../../practice/static/js/room/writer.js");

const MINUTE = 60000;

/** Look at the clock so many minutes before the end. */
const at = (clock, left) => {
  clock.set(clock.ends - left * MINUTE, clock.ends);
  const mark = document.getElementById("mark");
  return mark.hidden ? "" : mark.textContent;
};

test("ten and five minutes before the end stand for half a minute each, and nothing else does", () => {
  const clock = new Clock({ starts: Date.now(), ends: Date.now() + 50 * MINUTE, zone: "UTC" });
  const seen = [11, 10.01, 10, 9.6, 9.4, 5.1, 5, 4.6, 4.4, 1, 0, -1].map((left) => at(clock, left));
  assert.deepEqual(seen, ["", "", "About 10 minutes left", "About 10 minutes left", "", "", "About 5 minutes left", "About 5 minutes left", "", "", "", ""]);
});

test("a mark is read out once", () => {
  const clock = new Clock({ starts: Date.now(), ends: Date.now() + 50 * MINUTE, zone: "UTC" });
  at(clock, 10);
  document.getElementById("announcer").textContent = "something else";
  at(clock, 9.8);
  assert.equal(document.getElementById("announcer").textContent, "something else");
});

test("pictures of the same size fill the stage as well as they can", () => {
  const cases = [[1, 1200, 700, 1], [2, 1200, 700, 2], [2, 390, 700, 1], [3, 1200, 700, 2], [4, 1200, 700, 2], [4, 390, 700, 1], [5, 390, 700, 2], [9, 1200, 700, 3], [12, 1200, 700, 4], [12, 390, 700, 2]];
  for (const [count, width, height, columns] of cases) assert.equal(columnsFor(count, width, height), columns, `${count} on ${width}x${height}`);
});

test("a file's name is only a name", () => {
  assert.equal(plain("../../.bashrc"), "bashrc");
  assert.equal(plain("C:\\letters\\a\u202Egnp.exe"), "agnp.exe");
  assert.equal(plain("\u0000/"), "file");
  assert.deepEqual([0, 999, 1000, 400000, 3 * 2 ** 20].map(sizeOf), ["0 bytes", "999 bytes", "1 KB", "391 KB", "3.0 MB"]);
});

test("a recogniser that does not stay on the device is never used", async () => {
  class Away extends EventTarget {}
  globalThis.SpeechRecognition = Away;
  assert.equal(await canWrite(), false);
  const near = (state, installs) => {
    globalThis.SpeechRecognition = class {
      static available = async ({ processLocally }) => (processLocally ? state : "available");
      static install = async () => installs;
      get processLocally() { return false; }
    };
    return canWrite();
  };
  assert.deepEqual([await near("available"), await near("unavailable", true), await near("downloadable", true), await near("downloadable", false)], [true, false, true, false]);
});
