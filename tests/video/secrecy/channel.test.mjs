import assert from "node:assert";
import { test } from "node:test";
import { Server, next } from "./wires.mjs";

const words = (channel, kind) => {
  const heard = [];
  channel.addEventListener(kind, ({ detail }) => heard.push(detail.body));
  return heard;
};

test("what is said before keys are agreed waits for them, and the server reads none of it", async () => {
  const server = new Server();
  const ines = await server.enter("1");
  const alice = await server.enter("2");
  assert(!alice.channel.isReady("1"));
  const heard = next(ines.channel, "chat");
  await alice.channel.send("chat", { text: "I sleep badly" }, { bytes: new Uint8Array([1, 2, 3]) });
  assert.deepEqual(await heard, { from: "2", body: { text: "I sleep badly" }, bytes: new Uint8Array([1, 2, 3]) });
  assert(alice.channel.isReady("1"));
  const passed = server.heard.map(({ data }) => Buffer.from(data, "base64").toString("latin1")).join();
  assert(!passed.includes("sleep"));
});

test("a small word overtakes a large file, and both arrive whole", async () => {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  const order = [];
  alice.channel.addEventListener("hand", () => order.push("hand"));
  alice.channel.addEventListener("file", ({ detail }) => order.push(detail.bytes.length));
  const file = ines.channel.send("file", {}, { bytes: new Uint8Array(300_000) });
  await ines.channel.send("hand", true);
  await file;
  assert.deepEqual(order, ["hand", 300_000]);
});

test("nothing is lost, doubled or out of order when a line was down", async () => {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  const heard = words(alice.channel, "chat");
  await ines.channel.send("chat", 0);
  alice.link.isOpen = false;
  const sent = [1, 2, 3].map((number) => ines.channel.send("chat", number));
  await new Promise((done) => setTimeout(done, 50));
  alice.link.isOpen = true;
  ines.link.dispatchEvent(new Event("up"));
  ines.link.dispatchEvent(new Event("up"));
  await Promise.all(sent);
  assert.deepEqual(heard, [0, 1, 2, 3]);
});

test("a page that was loaded anew is agreed with again, and gets what did not arrive", async () => {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  await ines.channel.send("chat", "before");
  alice.link.isOpen = false;
  const waits = ines.channel.send("chat", "meanwhile");
  const reloaded = await server.enter("2");
  const heard = words(reloaded.channel, "chat");
  await waits;
  await ines.channel.send("chat", "after");
  assert.deepEqual(heard, ["meanwhile", "after"]);
});

test("whoever leaves is waited for by nobody, and what is passed to one does not reach another", async () => {
  const server = new Server();
  const [ines, alice, ben] = [await server.enter("1"), await server.enter("2"), await server.enter("3")];
  const bens = words(ben.channel, "chat");
  await ines.channel.send("chat", "for Alice", { to: "2" });
  await ines.channel.send("chat", "for both");
  ben.link.isOpen = false;
  const sent = ines.channel.send("chat", "too late");
  const gone = next(ines.channel, "gone");
  server.leave("3");
  await sent;
  assert.deepEqual([bens, await gone], [["for both"], { person: "3" }]);
  assert(alice.channel.isReady("1") && alice.channel.isReady("3") === false);
});

test("a piece that was changed or sent twice on the way is not heard", async () => {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  const heard = words(alice.channel, "chat");
  await ines.channel.send("chat", "first");
  const piece = server.heard.findLast(({ person, kind }) => person === "1" && kind === "sealed");
  const bytes = Buffer.from(piece.data, "base64");
  bytes[20] ^= 1;
  assert.equal(await alice.channel.hear("1", bytes.toString("base64")), false);
  await alice.channel.hear("1", piece.data);
  await ines.channel.send("chat", "second");
  assert.deepEqual(heard, ["first", "second"]);
});

test("two who lose sight of each other for a moment agree again by themselves", async () => {
  for (const blinking of ["1", "2"]) {
    const server = new Server();
    const [ines, alice] = [await server.enter("1"), await server.enter("2")];
    const heard = words(ines.channel, "chat");
    await alice.channel.send("chat", "before");
    await ines.channel.send("chat", "before");
    server.show({ [blinking]: [] });
    server.show();
    await Promise.all([alice.channel.send("chat", "after"), ines.channel.send("chat", "after")]);
    assert.deepEqual(heard, ["before", "after"]);
  }
});
