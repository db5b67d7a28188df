// @ts-check
// Says in words how the note stands, and offers what helps.

/** @typedef {"saved" | "saving" | "unsaved" | "failed"} State */

export class SaveState {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.line = form.querySelector("[data-save-state]");
    this.words = form.querySelector("[data-save-words]");
    this.help = form.querySelector("[data-note-help]");
    this.helpWords = form.querySelector("[data-note-help-words]");
    this.link = form.querySelector("[data-note-help-link]");
    this.compare = form.querySelector("[data-note-compare]");
    this.retry = form.querySelector("[data-note-retry]");
  }

  /** @param {State} state @param {string} words */
  say(state, words) {
    if (this.line instanceof HTMLElement) this.line.dataset.state = state;
    if (this.words && this.words.textContent !== words) this.words.textContent = words;
  }

  /** Shows what to do, or puts the help away when called without words.
   * @param {string} [words] @param {{ address?: string, label?: string, compare?: boolean, retry?: boolean }} [ways] */
  offer(words = "", { address = "", label = "", compare = false, retry = false } = {}) {
    if (this.help instanceof HTMLElement) this.help.hidden = !words;
    if (this.helpWords) this.helpWords.textContent = words;
    if (this.link instanceof HTMLAnchorElement) {
      this.link.hidden = !address;
      this.link.textContent = label;
      if (address) this.link.href = address;
    }
    if (this.compare instanceof HTMLElement) this.compare.hidden = !compare;
    if (this.retry instanceof HTMLElement) this.retry.hidden = !retry;
  }
}
