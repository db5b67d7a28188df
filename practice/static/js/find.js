// @ts-check
// Quick find: / or Ctrl+K opens a box that finds a client by a few letters, from every page that links to it.
import { offer } from "./week/finder.js";

const opener = document.querySelector("a[data-find]");

if (opener instanceof HTMLAnchorElement) {
  for (const link of document.querySelectorAll("a[data-find]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      find(opener.href);
    });
  }
  document.addEventListener("keydown", (event) => {
    const quick = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]");
    if (event.defaultPrevented || !(quick || (slash && !typing))) return;
    event.preventDefault();
    find(opener.href);
  });
}

/** @param {string} address */
function find(address) {
  if (document.querySelector("dialog[open]")) return;
  const dialog = document.createElement("dialog");
  dialog.className = "dialog finder";
  dialog.setAttribute("aria-label", "Find a client");
  dialog.innerHTML = `<input class="input finder-box" type="text" role="combobox" aria-label="Find a client"
    aria-controls="finder-list" aria-expanded="true" aria-autocomplete="list" autocomplete="off" placeholder="Find a client">
    <ul class="found-list" id="finder-list" role="listbox" aria-label="Clients" data-stays></ul>
    <p class="finder-hint small muted"><kbd>↑</kbd> <kbd>↓</kbd> choose, <kbd>Enter</kbd> shows their sessions, <kbd>Esc</kbd> closes</p>`;
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  const box = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  if (!box || !list) return;
  const { ask } = offer(box, list, address, (option) => {
    location.href = option.dataset.href ?? address;
  });
  dialog.showModal();
  box.focus();
  ask();
}
