// @ts-check
// The recovery key on paper: on one sheet, or on three of which any two are enough and one tells nothing.
// Two of three: each pair of sheets shares a one-time pad; one holds the pad, the other the key under it.
// A sheet is 1 | number | first 4 bytes of SHA-256 of the public half | its parts, in lines of 10 bytes, each
// written as 16 letters of Crockford's base32 and 2 that check them.

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LINE = 10;
const HEAD = 6;
const KEY = 32;

/** @typedef {{ number: number, tag: string, parts: Uint8Array[] }} Sheet */

/** Writes the lines of each sheet. @param {Uint8Array} secret @param {Uint8Array} open @param {number} count 1 or 3 */
export async function writeSheets(secret, open, count) {
  const tag = (await hashed(open)).slice(0, 4);
  const [ab, ac, bc] = [pad(), pad(), pad()];
  const held = count === 1 ? [[secret]] : [[ab, ac], [under(secret, ab), bc], [under(secret, ac), under(secret, bc)]];
  return Promise.all(held.map((parts, place) => lines([1, count === 1 ? 0 : place + 1, ...tag], parts)));
}

/** Reads a sheet as it was typed; throws words that say which line is wrong. @param {string} typed */
export async function readSheet(typed) {
  const letters = [...typed.toUpperCase()].map(usual).filter((letter) => LETTERS.includes(letter));
  const rows = Math.ceil(letters.length / 18);
  if (letters.length !== 18 * 4 && letters.length !== 18 * 7) {
    throw new Error(`A sheet has 4 or 7 lines of 18 letters. Here are ${letters.length} letters.`);
  }
  const found = [];
  for (let row = 0; row < rows; row += 1) {
    const line = letters.slice(18 * row, 18 * row + 18).join("");
    const bytes = unwritten(line.slice(0, 16));
    if ((await check(row, bytes)) !== line.slice(16)) throw new Error(`Line ${row + 1} is not as it is printed.`);
    found.push(...bytes);
  }
  return sheetOf(Uint8Array.from(found));
}

/** Joins what was read into the private half. @param {Sheet[]} sheets */
export function joinSheets(sheets) {
  const [first, second] = [...sheets].sort((one, other) => one.number - other.number);
  if (!first) throw new Error("Type a sheet first.");
  if (first.number === 0) return first.parts[0];
  if (!second || first.number === second.number) throw new Error("Two different sheets are needed.");
  if (first.tag !== second.tag) throw new Error("These sheets belong to different recovery keys.");
  return under(first.parts[second.number - 2], second.parts[first.number - 1]);
}

/** Writes what people compare: the fingerprint of the public half. @param {Uint8Array} open */
export async function fingerprint(open) {
  return grouped(written((await hashed(open)).slice(0, 10)));
}

/** @param {Uint8Array} bytes @returns {Sheet} */
function sheetOf(bytes) {
  if (bytes[0] !== 1 || bytes[1] > 3) throw new Error("This is not one of our sheets.");
  const tag = [...bytes.slice(2, HEAD)].join(".");
  const parts = [bytes.slice(HEAD, HEAD + KEY), bytes.slice(HEAD + KEY, HEAD + 2 * KEY)];
  return { number: bytes[1], tag, parts };
}

/** @param {number[]} head @param {Uint8Array[]} parts */
async function lines(head, parts) {
  const whole = [...head, ...parts.flatMap((part) => [...part])];
  while (whole.length % LINE) whole.push(0);
  const rows = Array.from({ length: whole.length / LINE }, (_, row) => whole.slice(row * LINE, (row + 1) * LINE));
  return Promise.all(
    rows.map(async (bytes, row) => `${grouped(written(Uint8Array.from(bytes)))} ${await check(row, Uint8Array.from(bytes))}`),
  );
}

/** @param {number} row @param {Uint8Array} bytes */
async function check(row, bytes) {
  const sum = await hashed(Uint8Array.of(row, ...bytes));
  const number = (sum[0] << 2) | (sum[1] >> 6);
  return LETTERS[number >> 5] + LETTERS[number & 31];
}

/** @param {Uint8Array} bytes */
function written(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]).join("");
}

/** @param {string} letters */
function unwritten(letters) {
  const bits = [...letters].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** @param {string} letters */
function grouped(letters) {
  return (letters.match(/.{4}/g) ?? []).join(" ");
}

/** @param {string} letter */
function usual(letter) {
  return { O: "0", I: "1", L: "1" }[letter] ?? letter;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function under(one, other) {
  return one.map((byte, place) => byte ^ other[place]);
}

function pad() {
  return crypto.getRandomValues(new Uint8Array(KEY));
}

/** @param {Uint8Array} bytes */
async function hashed(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
