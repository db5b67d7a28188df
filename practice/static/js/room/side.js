// @ts-check
// What stands beside the picture: the chat, and for counselors the note. One at a time, opened and closed.

import { all, byId } from "./dom.js";

const TITLES = { chat: "Chat", note: "Note", people: "People" };

export class Side {
  /** @param {(part: string) => void} onShow called with the part that is shown now, or nothing */
  constructor(onShow) {
    this.onShow = onShow;
    this.part = "";
    for (const button of all("[data-side]")) button.addEventListener("click", () => this.toggle(button.dataset.side ?? ""));
    byId("close-side").addEventListener("click", () => this.close());
    byId("side").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** @param {string} part chat, note or people */
  toggle(part) {
    if (this.part === part) this.close();
    else this.#open(part);
  }

  /** Close, and give the focus back to the button that opened it. */
  close() {
    const button = all(`[data-side="${this.part}"]`)[0];
    this.#show("");
    (button?.checkVisibility() ? button : byId("open-more")).focus();
  }

  /** @param {string} part */
  #open(part) {
    this.#show(part);
    byId("side-title").textContent = TITLES[/** @type {keyof TITLES} */ (part)];
    if (part === "note") byId("note-beside").dispatchEvent(new CustomEvent("open-note"));
    if (part === "chat" && matchMedia("(pointer: fine)").matches) byId("chat-text").focus();
    else byId("side-title").focus();
  }

  /** @param {string} part */
  #show(part) {
    this.part = part;
    byId("room").classList.toggle("room-with-side", Boolean(part));
    for (const section of all("[data-side-part]")) section.hidden = section.dataset.sidePart !== part;
    for (const button of all("[data-side]")) button.setAttribute("aria-pressed", String(button.dataset.side === part));
    this.onShow(part);
  }
}
