// @ts-check
// The rest of the controls, behind More; and buttons that do one thing wherever they stand.

import { all, byId } from "./dom.js";

/** Opens above its button, closes by a choice, by Escape and by a press beside it. */
export class More {
  constructor() {
    this.button = byId("open-more");
    this.menu = byId("more");
    this.button.addEventListener("click", () => this.show(this.menu.hidden));
    this.menu.addEventListener("click", (/** @type {Event} */ event) => {
      if (/** @type {HTMLElement} */ (event.target).closest("button")) this.show(false);
    }, true); // before the button acts, so that a dialog gives the focus back to what is still there
    document.addEventListener("click", (event) => {
      if (!(/** @type {HTMLElement} */ (event.target).closest(".room-more"))) this.show(false);
    });
    this.button.parentElement.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#move(event));
  }

  /** @param {boolean} open */
  show(open) {
    if (this.menu.hidden === !open) return;
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.#items()[0]?.focus();
    else if (this.menu.contains(document.activeElement)) this.button.focus();
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    if (event.key === "Escape") return this.show(false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || this.menu.hidden) return;
    event.preventDefault();
    const items = this.#items();
    items[(items.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step + items.length) % items.length].focus();
  }

  /** @returns {HTMLElement[]} */
  #items() {
    return [...this.menu.querySelectorAll("button")].filter((button) => button.checkVisibility());
  }
}

/** Let every button of a kind do its thing, and show them where that is possible. @param {string} what @param {() => void} act @param {boolean} [possible] */
export function wireDo(what, act, possible = true) {
  for (const button of all(`[data-do="${what}"]`)) button.addEventListener("click", act);
  offer(what, possible);
}

/** Show the buttons of a kind, or not. @param {string} what @param {boolean} possible */
export function offer(what, possible) {
  for (const button of all(`[data-do="${what}"]`)) button.hidden = !possible;
}

/** Show whether it is on. @param {string} what @param {boolean} on */
export function showDone(what, on) {
  for (const button of all(`[data-do="${what}"]`)) button.setAttribute("aria-pressed", String(on));
}
