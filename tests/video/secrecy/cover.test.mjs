// The page notices when the worker that encrypts is gone, and does not mistake one that is only slow.

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.RTCRtpScriptTransform = class {};
globalThis.Worker = class extends EventTarget {
  isGone = false;
  asked = 0;
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new Event("message")));
  }
  postMessage({ order, port }) {
    this.asked += 1;
    assert.equal(order, "count");
    if (!this.isGone) setTimeout(() => port.postMessage({}), 20);
  }
};
const { Cover } = await import("../../../practice/static/js/room/secrecy/cover.js");

test("a worker that answers is left alone, and one that is gone is noticed", async () => {
  const cover = new Cover();
  let isOver = false;
  const ended = cover.ended({ every: 1, patience: 1000 }).then(() => (isOver = true));
  while (cover.worker.asked < 5) await new Promise((done) => setTimeout(done, 5));
  assert.equal(isOver, false);
  cover.worker.isGone = true;
  await ended;
});
