import assert from "node:assert";
import { test } from "node:test";
import { base64 } from "../../../practice/static/js/room/secrecy/bytes.js";
import { Handshake, newPair } from "../../../practice/static/js/room/secrecy/handshake.js";
import { DATA, open, seal } from "../../../practice/static/js/room/secrecy/sealing.js";

const INES = { person: "1", page: "a" };
const ALICE = { person: "2", page: "b" };

/** Let two sides speak, each hearing what the wire makes of the other's words. */
async function agree(first, second, wire = (word) => word) {
  const { say: share } = await second.hear(wire(await first.commit()));
  const { say: reveal, agreed: one } = await first.hear(wire(share));
  const { agreed: other } = await second.hear(wire(reveal));
  return [one, other];
}

const sides = async (me = INES, them = ALICE) => [new Handshake(await newPair(), me, them, true), new Handshake(await newPair(), them, me, false)];

test("two pages come to one code and to keys that open what the other sealed", async () => {
  const [ines, alice] = await agree(...(await sides()));
  assert.deepEqual(ines.code, alice.code);
  assert.equal(ines.code.length, 5);
  const sealed = await seal(ines, DATA, 0, new Uint8Array([7]));
  assert.deepEqual((await open(alice, sealed)).plain, new Uint8Array([7]));
  assert.equal(await open(ines, sealed), null);
});

test("the same two get another code the next time", async () => {
  const pairs = [await newPair(), await newPair()];
  const codes = [];
  for (let call = 0; call < 3; call += 1) {
    const [agreed] = await agree(new Handshake(pairs[0], INES, ALICE, true), new Handshake(pairs[1], ALICE, INES, false));
    codes.push(agreed.code.join());
  }
  assert.equal(new Set(codes).size, 3);
});

test("with somebody between them the codes differ", async () => {
  const [[ines], [, alice]] = [await agree(...(await sides())), await agree(...(await sides()))];
  assert.notDeepEqual(ines.code, alice.code);
});

test("shares that were not committed to are refused before any key exists", async () => {
  const other = await newPair();
  const raw = base64(new Uint8Array(await crypto.subtle.exportKey("raw", other.publicKey)));
  for (const changed of [{ e: raw }, { id: raw }, { n: base64(new Uint8Array(16)) }]) {
    const [ines, alice] = await sides();
    await assert.rejects(agree(ines, alice, (word) => (word.t === "reveal" ? { ...word, ...changed } : word)), /committed/);
  }
});

test("what is no point, comes out of turn or is too short is refused", async () => {
  const [ines, alice] = await sides();
  const point = base64(new Uint8Array(65).fill(4));
  await assert.rejects(agree(ines, alice, (word) => (word.t === "share" ? { ...word, e: point } : word)));
  await assert.rejects(new Handshake(await newPair(), ALICE, INES, false).hear({ t: "reveal" }), /turn/);
  await assert.rejects(new Handshake(await newPair(), INES, ALICE, true).hear({ t: "share" }), /turn/);
  const [first, second] = await sides();
  await assert.rejects(agree(first, second, (word) => (word.t === "share" ? { ...word, n: "AAAA" } : word)), /shares/);
});

test("words meant for another person or another loading of the page lead to other keys", async () => {
  const pairs = [await newPair(), await newPair()];
  const ines = new Handshake(pairs[0], INES, ALICE, true);
  const alice = new Handshake(pairs[1], { ...ALICE, person: "3" }, INES, false);
  await assert.rejects(agree(ines, alice), /committed/);
});
