import assert from "node:assert";
import { test } from "node:test";
import { Server, next } from "./wires.mjs";

const until = async (holds) => {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
};
const partner = (page, person) => page.secrecy.partners.get(person);
const used = (page) => page.told.filter(({ order }) => order === "use").map(({ secret }) => Buffer.from(secret).toString("hex"));
const learnt = (page) => page.told.filter(({ order }) => order === "learn").map(({ secret }) => Buffer.from(secret).toString("hex"));

async function compared() {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  await alice.channel.send("chat", "hello");
  await ines.channel.send("chat", "hello");
  assert.deepEqual(partner(ines, "2").agreed.code, partner(alice, "1").agreed.code);
  await ines.secrecy.match("2");
  return { server, ines, alice };
}

test("a key that was compared is known again when the page was loaded anew", async () => {
  const { server, ines, alice } = await compared();
  assert.equal(partner(ines, "2").trust, "known");
  const again = await server.enter("2", alice.secrecy.keyring);
  await again.channel.send("chat", "back");
  assert.equal(partner(ines, "2").trust, "known");
});

test("another key than the compared one stops everything until somebody decides", async () => {
  const { server, ines } = await compared();
  const heard = [];
  ines.channel.addEventListener("chat", ({ detail }) => heard.push(detail.body));
  const stranger = await server.enter("2");
  const said = stranger.channel.send("chat", "it is me");
  await until(() => partner(ines, "2").trust === "changed" && partner(stranger, "1").isHeld);
  await ines.channel.send("chat", "secret", { to: "nobody" });
  assert(!ines.channel.isReady("2"));
  assert.deepEqual([heard, learnt(stranger)], [[], []]);
  ines.secrecy.goOn("2");
  await said;
  await until(() => !partner(stranger, "1").isHeld && learnt(stranger).length);
  assert.deepEqual([heard, partner(ines, "2").trust], [["it is me"], "new"]);
  await ines.secrecy.match("2");
  assert.equal(partner(ines, "2").trust, "known");
});

test("whoever shows another code is spoken with no more, not even after loading the page anew", async () => {
  const { server, ines, alice } = await compared();
  ines.secrecy.differ("2");
  assert.deepEqual(ines.told.filter(({ order }) => order === "forget").at(-1), { order: "forget", person: "2" });
  const again = await server.enter("2", alice.secrecy.keyring);
  await until(() => partner(again, "1").agreed);
  assert(!ines.channel.isReady("2"));
  assert.deepEqual(learnt(again), []);
});

test("the key changes when somebody comes and when somebody leaves", async () => {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  await until(() => used(ines).length === 1 && learnt(alice).includes(used(ines)[0]));
  const ben = await server.enter("3");
  await until(() => learnt(ben).includes(used(ines).at(-1)) && learnt(alice).includes(used(ines).at(-1)));
  const first = used(ines)[0];
  assert(!learnt(ben).includes(first), "the newcomer can read nothing of before");
  const withBen = used(ines).at(-1);
  server.leave("3");
  await until(() => used(ines).at(-1) !== withBen && learnt(alice).includes(used(ines).at(-1)));
  assert(!learnt(ben).includes(used(ines).at(-1)), "whoever left can read nothing of after");
});

test("twelve people agree each with each", async () => {
  const server = new Server();
  const pages = [];
  for (let person = 1; person <= 12; person += 1) pages.push(await server.enter(String(person)));
  const everybody = () => pages.every((page) => pages.every((other) => page === other || learnt(page).includes(used(other).at(-1))));
  await until(everybody);
});

test("nobody holds a key unseen: whoever sees no such person is told", async () => {
  const server = new Server();
  const [ines, alice] = [await server.enter("1"), await server.enter("2")];
  await alice.channel.send("chat", "hello");
  const seen = [];
  ines.secrecy.addEventListener("ghost", ({ detail }) => seen.push(detail));
  const told = next(alice.secrecy, "ghost");
  const show = (lie) => Server.prototype.show.call(server, lie);
  server.show = () => show({ 2: [{ person: "1", name: "1", here: true }] });
  await server.enter("9"); // shown to Ines, hidden from Alice
  assert.deepEqual(await told, { by: "1", person: "" });
  assert.deepEqual(seen, []);
});
