// @ts-check
// Makes the recovery key in this browser, shows its sheets for printing, and sends only the public half, and only
// after the sheets were typed back and gave the same key.

import { base64, makePair, privateKey } from "./hpke.js";
import { fingerprint, joinSheets, readSheet, writeSheets } from "./sheets.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-recovery-making]"));
const paper = /** @type {HTMLElement} */ (document.querySelector("[data-sheets]"));
const proof = /** @type {HTMLElement} */ (document.querySelector("[data-proof]"));
const words = /** @type {HTMLElement} */ (document.querySelector("[data-proof-words]"));
const typed = /** @type {HTMLTextAreaElement[]} */ ([...document.querySelectorAll("[data-sheet-typed]")]);
/** @type {{ open: Uint8Array, secret: Uint8Array } | null} */
let pair = null;

document.querySelector("[data-make]")?.addEventListener("click", make);
document.querySelector("[data-print]")?.addEventListener("click", () => globalThis.print());
form.addEventListener("submit", prove);
form.hidden = false;

async function make() {
  const count = Number(new FormData(form).get("sheets") ?? 3);
  pair = await makePair();
  const sheets = await writeSheets(pair.secret, pair.open, count);
  const mark = await fingerprint(pair.open);
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("[data-sheet]"));
  paper.replaceChildren(
    ...sheets.map((lines, place) => {
      const sheet = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      fill(sheet, "name", count === 1 ? "The only sheet" : `Sheet ${place + 1} of 3`);
      fill(sheet, "lines", lines.join("\n"));
      fill(sheet, "mark", mark);
      return sheet;
    }),
  );
  typed[1].closest(".field")?.toggleAttribute("hidden", count === 1);
  for (const part of [paper, proof]) part.hidden = false;
  paper.scrollIntoView();
}

/** @param {SubmitEvent} event */
async function prove(event) {
  event.preventDefault();
  words.hidden = true;
  try {
    if (!pair) throw new Error("Make the key first.");
    const read = await Promise.all(typed.filter((field) => field.value.trim()).map((field) => readSheet(field.value)));
    const again = joinSheets(read);
    if (base64(again) !== base64(pair.secret)) throw new Error("These sheets give another key. Type them once more.");
    await privateKey(again, pair.open);
    /** @type {HTMLInputElement} */ (form.elements.namedItem("public")).value = base64(pair.open);
    for (const field of typed) field.value = "";
    form.submit();
  } catch (error) {
    words.textContent = error instanceof Error ? error.message : String(error);
    words.hidden = false;
  }
}

/** @param {DocumentFragment} sheet @param {string} name @param {string} text */
function fill(sheet, name, text) {
  const place = sheet.querySelector(`[data-sheet-${name}]`);
  if (place) place.textContent = text;
}
