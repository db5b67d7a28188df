// @ts-check
// Adds, removes and copies rows of hours without leaving the page. Without JavaScript the same buttons load it anew.

const form = document.getElementById("hours-form");

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!(form instanceof HTMLFormElement) || event.target !== form) return;
  if (!(button instanceof HTMLButtonElement) || !("fragment" in button.dataset)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const data = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
  if (!answer?.ok) return form.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("hours-editor");
  const shown = document.getElementById("hours-editor");
  if (!fresh || !shown) return form.submit();
  shown.replaceWith(document.adoptNode(fresh));
  focusAfter(button.value);
}, { capture: true });

/** @param {string} deed put the keyboard where the work goes on: the new row, or the day's own button */
function focusAfter(deed) {
  const [word, day] = deed.split("-");
  const rows = document.querySelectorAll(`[id^="opens-${day}-"]`);
  const target = word === "add" ? rows[rows.length - 1] : document.querySelector(`button[value="add-${day}"]`);
  if (target instanceof HTMLElement) target.focus();
}
