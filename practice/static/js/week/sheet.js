// @ts-check
// A sheet over the calendar: a change to be confirmed, or a new session. Its content is a page of its own without it.
import { dress } from "./new.js";

const sheet = document.getElementById("sheet");
const body = sheet?.querySelector("[data-sheet-body]");

/**
 * Show what an address answers. `closed` is called once the sheet goes away without anything being sent.
 * @param {string} href
 * @param {() => void} [closed]
 */
export async function open(href, closed) {
  const answer = await fetch(href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || !body || !(sheet instanceof HTMLDialogElement)) {
    location.href = href;
    return;
  }
  body.innerHTML = await answer.text();
  dress(body);
  sheet.addEventListener("close", () => closed?.(), { once: true });
  sheet.showModal();
  const first = body.querySelector("[data-first], [role=combobox], .button-primary");
  if (first instanceof HTMLElement) first.focus();
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !(sheet instanceof HTMLDialogElement)) return;
  const away = event.target === sheet || event.target.closest("#sheet [data-closes-sheet]");
  if (away) {
    event.preventDefault();
    return sheet.close();
  }
  const link = event.target.closest("a[data-sheet]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.href);
});
