// @ts-check
// Opens envelopes with the recovery sheets: the private half is joined here, used here and never sent.

import { base64, bytesOf, openEnvelope, privateKey } from "./hpke.js";
import { joinSheets, readSheet } from "./sheets.js";

/** @typedef {{ id: number, key: string, wrapped: string, info: string }} Envelope */

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-recovery-using]"));
const words = /** @type {HTMLElement} */ (document.querySelector("[data-proof-words]"));
const typed = /** @type {HTMLTextAreaElement[]} */ ([...document.querySelectorAll("[data-sheet-typed]")]);

form.hidden = false;
form.addEventListener("submit", recover);

/** @param {SubmitEvent} event */
async function recover(event) {
  event.preventDefault();
  words.hidden = true;
  if (!form.reportValidity()) return;
  try {
    const read = await Promise.all(typed.filter((field) => field.value.trim()).map((field) => readSheet(field.value)));
    const secret = joinSheets(read);
    const answer = await fetch(String(form.dataset.envelopes), { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("The envelopes could not be fetched. Try again.");
    const opened = await openAll(secret, (await answer.json()).envelopes);
    /** @type {HTMLInputElement} */ (form.elements.namedItem("keys")).value = JSON.stringify(opened);
    for (const field of typed) field.value = "";
    form.submit();
  } catch (error) {
    words.textContent = error instanceof Error && error.message ? error.message : "These sheets do not open them.";
    words.hidden = false;
  }
}

/** @param {Uint8Array} secret @param {Envelope[]} envelopes */
async function openAll(secret, envelopes) {
  /** @type {Record<string, string>} */
  const opened = {};
  for (const { id, key, wrapped, info } of envelopes) {
    const open = bytesOf(key);
    const ours = await privateKey(secret, open).catch(() => {
      throw new Error("These sheets belong to another recovery key.");
    });
    opened[id] = base64(await openEnvelope(ours, open, bytesOf(wrapped).slice(2), bytesOf(info)));
  }
  return opened;
}
