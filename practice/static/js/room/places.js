// @ts-check
// Where the waiting clients are, and the counselor's reason to meet where no licence of theirs reaches.

import { byId } from "./dom.js";

/** @typedef {{id: number, name: string, line: string, alone: boolean, warning: string, needs_reason: boolean, phone: string, leave: string}} Told */

/** Emits "change" when something new is known. */
export class Places extends EventTarget {
  /** @param {string} url @param {string} csrf */
  constructor(url, csrf) {
    super();
    this.url = url;
    this.csrf = csrf;
    /** @type {Record<string, Told>} */
    this.told = {};
    /** @type {(reason: string) => void} */
    this.answer = () => {};
    byId("reason-form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.answer(byId("reason-text").value);
    });
    byId("reason-cancel").addEventListener("click", () => byId("reason").close());
  }

  /** @param {string} person @returns {Told | undefined} */
  of(person) {
    return this.told[person];
  }

  /** @param {string} person */
  needsReason(person) {
    return Boolean(this.told[person]?.needs_reason);
  }

  /** The practice's word that this person may be let in, for the media server. @param {string} person */
  leave(person) {
    return this.told[person]?.leave ?? "";
  }

  /** Ask the practice anew. */
  async load() {
    const answer = await fetch(this.url).catch(() => null);
    if (!answer?.ok) return;
    this.told = await answer.json();
    const phone = /** @type {HTMLAnchorElement | null} */ (document.querySelector("#weak-phone[data-person]"));
    const number = this.told[phone?.dataset.person ?? ""]?.phone;
    if (phone && number) phone.href = `tel:${number.replaceAll(" ", "")}`, byId("weak-number").textContent = number;
    this.dispatchEvent(new Event("change"));
  }

  /** Whether the counselor meets this person: at once, or with a reason that they give now. @param {string} person @returns {Promise<boolean>} */
  async mayMeet(person) {
    if (!this.told[person]) await this.load();
    const told = this.told[person];
    return told?.needs_reason ? this.#ask(told) : true;
  }

  /** @param {Told} told @returns {Promise<boolean>} */
  #ask(told) {
    const dialog = byId("reason");
    byId("reason-warning").textContent = `${told.name}: ${told.warning}`;
    byId("reason-text").value = "";
    this.#complain("");
    dialog.showModal();
    return new Promise((done) => {
      dialog.addEventListener("close", () => done(false), { once: true });
      this.answer = async (reason) => {
        const words = await this.#keep(told, reason);
        if (words) return this.#complain(words);
        done(true);
        dialog.close();
      };
    });
  }

  /** @param {Told} told @param {string} reason @returns {Promise<string>} what is wrong with it, or nothing */
  async #keep(told, reason) {
    const body = new URLSearchParams({ reason });
    const answer = await fetch(`${this.url}/${told.id}/override`, { method: "POST", headers: { "X-CSRFToken": this.csrf }, body }).catch(() => null);
    if (answer?.status === 422) return (await answer.json()).words;
    if (!answer?.ok) return "This did not reach the practice. Try once more.";
    await this.load();
    return "";
  }

  /** @param {string} words */
  #complain(words) {
    byId("reason-error").textContent = words;
    byId("reason-error").hidden = !words;
    byId("reason-text").setAttribute("aria-invalid", String(Boolean(words)));
  }
}
