// What the pages of the recovery key do, with their own modules: the task comes in, its outcome goes out.
import { text } from "node:stream/consumers";
import { base64, bytesOf, makePair, openEnvelope, privateKey } from "../../practice/static/js/recovery/hpke.js";
import { fingerprint, joinSheets, readSheet, writeSheets } from "../../practice/static/js/recovery/sheets.js";

const task = JSON.parse(await text(process.stdin));

async function make({ count }) {
  const pair = await makePair();
  const sheets = await writeSheets(pair.secret, pair.open, count);
  const mark = await fingerprint(pair.open);
  return { public: base64(pair.open), sheets: sheets.map((lines) => lines.join("\n")), secret: base64(pair.secret), mark };
}

async function join({ sheets }) {
  return { secret: base64(joinSheets(await Promise.all(sheets.map(readSheet)))) };
}

async function open({ sheets, envelopes }) {
  const secret = joinSheets(await Promise.all(sheets.map(readSheet)));
  const opened = {};
  for (const { id, key, wrapped, info } of envelopes) {
    const ours = await privateKey(secret, bytesOf(key));
    opened[id] = base64(await openEnvelope(ours, bytesOf(key), bytesOf(wrapped).slice(2), bytesOf(info)));
  }
  return { keys: JSON.stringify(opened) };
}

let outcome;
try {
  outcome = await { make, join, open }[task.do](task);
} catch (error) {
  outcome = { error: error.message || error.name };
}
process.stdout.write(JSON.stringify(outcome));
