// @ts-check
/** Keep the keyboard where it was after somebody moved in the line, and let rows be dragged. */

const moved = document.querySelector("[data-moved]");
if (moved instanceof HTMLElement) moved.focus();

/** @type {HTMLElement | null} */
let dragged = null;

for (const item of document.querySelectorAll("[data-line] > li")) {
  if (!(item instanceof HTMLElement)) continue;
  item.draggable = true;
  item.addEventListener("dragstart", () => { dragged = item; });
  item.addEventListener("dragover", (event) => { if (dragged && dragged !== item) event.preventDefault(); });
  item.addEventListener("drop", (event) => {
    event.preventDefault();
    if (dragged) put(dragged, item);
  });
}

/** @param {HTMLElement} who @param {HTMLElement} where */
function put(who, where) {
  const form = who.querySelector("[data-move]")?.closest("form");
  const field = form?.querySelector("input[name=place]");
  if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLInputElement)) return;
  field.value = String([...(where.parentElement?.children ?? [])].indexOf(where));
  form.requestSubmit();
}
