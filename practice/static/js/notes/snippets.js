// @ts-check
// Puts a snippet in the place of its shortcut (`;sleep` and a space) wherever a note is written.

let expanding = false; // a snippet's own words are no shortcuts
const TYPED = /(?:^|\s);([a-z0-9-]{2,20})(\s)$/i;

/** @param {HTMLTextAreaElement} field @returns {string | undefined} */
function wanted(field) {
  const shortcut = TYPED.exec(field.value.slice(0, field.selectionEnd))?.[1]?.toLowerCase();
  const kept = [...(field.form?.querySelectorAll("[data-snippet]") ?? [])];
  const found = kept.find((each) => each instanceof HTMLElement && each.dataset.snippet === shortcut);
  return shortcut && found ? found.textContent ?? undefined : undefined;
}

/** @param {HTMLTextAreaElement} field @param {string} text */
function expand(field, text) {
  const end = field.selectionEnd;
  const begin = field.value.slice(0, end).lastIndexOf(";");
  const after = field.value.slice(end - 1, end);
  field.setSelectionRange(begin, end);
  expanding = true;
  const done = document.execCommand("insertText", false, text + after); // so that it can be undone
  if (!done) field.setRangeText(text + after, begin, end, "end");
  if (!done) field.dispatchEvent(new Event("input", { bubbles: true }));
  expanding = false;
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (expanding || !(field instanceof HTMLTextAreaElement) || !field.closest("form[data-note-editor]")) return;
  if (!(event instanceof InputEvent) || !["insertText", "insertLineBreak"].includes(event.inputType)) return;
  const text = wanted(field);
  if (text !== undefined) expand(field, text);
});
