import assert from "node:assert";
import { test } from "node:test";

/** Every line that the page opened, the latest last; each hears what it is told and keeps what it is sent. */
const lines = [];
globalThis.WebSocket = class extends EventTarget {
  static CONNECTING = 0;
  readyState = 1;
  sent = [];
  constructor() {
    super();
    lines.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {}
  /** The line is there, and the server greets. */
  answer() {
    this.dispatchEvent(new Event("open"));
    this.dispatchEvent(Object.assign(new Event("message"), { data: '{"type": "roomview"}' }));
  }
};
globalThis.fetch = async () => ({ ok: true, json: async () => ({ token: "t", url: "ws://room", ice_servers: [] }) });
const { Link } = await import("../../../practice/static/js/room/link.js");

const opened = async (number) => {
  while (lines.length < number) await new Promise((done) => setTimeout(done, 5));
  return lines[number - 1];
};

test("what was pressed while the line was down is done when it is back, once", async () => {
  const link = new Link("/token", "");
  link.open();
  (await opened(1)).answer();
  link.order({ type: "hush", person: "" });
  lines[0].dispatchEvent(new Event("close"));
  for (const person of ["", "3", ""]) link.order({ type: "hush", person });
  assert.equal(link.send({ type: "rung", rung: 1 }), false);
  (await opened(2)).answer();
  link.close();
  assert.deepEqual(lines[0].sent.map(({ type }) => type), ["join", "hush"]);
  assert.deepEqual(lines[1].sent, [{ type: "join", token: "t" }, { type: "hush", person: "" }, { type: "hush", person: "3" }]);
});

test("who hangs up orders nothing afterwards", async () => {
  const link = new Link("/token", "");
  link.order({ type: "end" });
  link.close();
  link.open();
  (await opened(3)).answer();
  link.close();
  assert.deepEqual(lines[2].sent.map(({ type }) => type), ["join"]);
});
