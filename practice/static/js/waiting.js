// @ts-check
// Who waits for the counselor, on whatever page they are: looked up again and again, and told when somebody comes.

import { alert, knock, wireNotes } from "./room/knock.js";

const EVERY = 10000;

const place = /** @type {HTMLElement} */ (document.querySelector("[data-waiting]"));
const shown = /** @type {HTMLElement} */ (place.querySelector("[data-waiting-shown]"));
const hide = /** @type {HTMLButtonElement} */ (place.querySelector("[data-waiting-hide]"));
const known = new Set(rows().map((row) => row.dataset.waits));
let isOver = false;

/** @returns {HTMLElement[]} */
function rows() {
  return [...shown.querySelectorAll("[data-waits]")].map((row) => /** @type {HTMLElement} */ (row));
}

/** Ask the practice. The header says that nobody pressed anything: looking by itself keeps nobody signed in. */
async function look() {
  const answer = await fetch(place.dataset.waiting ?? "", { headers: { "X-By-Itself": "yes" }, redirect: "manual" }).catch(() => null);
  if (!answer) return;
  isOver = answer.type === "opaqueredirect" || answer.status === 404;
  if (answer.ok) show(await answer.text());
}

/** @param {string} markup */
function show(markup) {
  const held = shown.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  shown.innerHTML = markup;
  if (held) /** @type {HTMLElement | null} */ (shown.querySelector(`[href="${CSS.escape(held)}"]`))?.focus();
  const comers = rows().filter((row) => !known.has(row.dataset.waits));
  for (const row of comers) known.add(row.dataset.waits);
  if (comers.length) shown.hidden = false;
  hide.hidden = shown.hidden || !rows().length;
  knock(rows().length);
  if (comers.length) alert(comers.map((row) => row.dataset.words).join(". "), "");
}

async function again() {
  await look();
  if (!isOver) setTimeout(again, EVERY);
}

hide.addEventListener("click", () => {
  shown.hidden = hide.hidden = true;
});
document.addEventListener("visibilitychange", () => !document.hidden && !isOver && look());
wireNotes(document.getElementById("notes-on"));
knock(rows().length);
again();
