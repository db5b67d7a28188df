// @ts-check
// Keyboard shortcuts: what each does, a sheet of them by "?", and a switch for those whom single keys disturb.

import { byId } from "./dom.js";

const ON = "stillpoint.keys";

/** One shortcut: its key, what the sheet says, and what it does. @typedef {{key: string, words: string, act: () => void}} Shortcut */

export class Keys {
  /** @param {Shortcut[]} shortcuts */
  constructor(shortcuts) {
    this.shortcuts = [...shortcuts, { key: "?", words: "This list", act: () => this.open() }];
    this.switch = /** @type {HTMLInputElement} */ (byId("keys-on"));
    this.switch.checked = localStorage.getItem(ON) !== "off";
    this.switch.addEventListener("change", () => localStorage.setItem(ON, this.switch.checked ? "on" : "off"));
    byId("open-keys").addEventListener("click", () => this.open());
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  /** Show the sheet. */
  open() {
    byId("keys-list").replaceChildren(...this.shortcuts.map(({ key, words }) => row(key, words)));
    byId("keys").showModal();
  }

  /** Keys work while the call is shown and nobody is writing. @param {KeyboardEvent} event */
  #press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (target.closest("input, textarea, select, dialog, [contenteditable]") || byId("visit").dataset.stage !== "call") return;
    const shortcut = this.shortcuts.find(({ key }) => key.toLowerCase() === event.key.toLowerCase());
    if (!shortcut || (!this.switch.checked && shortcut.key !== "?")) return;
    event.preventDefault();
    shortcut.act();
  }
}

/** @param {string} key @param {string} words */
function row(key, words) {
  const line = document.createElement("div");
  const term = document.createElement("dt");
  const pressed = document.createElement("kbd");
  const what = document.createElement("dd");
  pressed.textContent = key.toUpperCase();
  what.textContent = words;
  term.append(pressed);
  line.append(term, what);
  return line;
}
