// @ts-check
// Where the client is now: sent from the page, so that camera and microphone stay as they are.

import { byId } from "./dom.js";

export class Arrival {
  /** @param {() => void} enter called when everything is said */
  constructor(enter) {
    this.forms = byId("arrival-forms");
    this.enter = enter;
    /** Whether the way in leads by the questions: for clients who have not answered for this session. */
    this.isDue = this.forms?.dataset.told === "";
    if (!this.forms) return;
    this.forms.addEventListener("submit", (/** @type {SubmitEvent} */ event) => this.#tell(event));
    this.forms.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#change(event));
    this.forms.addEventListener("change", suggest);
    suggest();
  }

  /** @param {SubmitEvent} event */
  async #tell(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const said = new FormData(form);
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (button?.name) said.set(button.name, button.value);
    if (button) button.disabled = true;
    const answer = await fetch(form.action, { method: "POST", body: said }).catch(() => null);
    if (button) button.disabled = false;
    if (answer?.ok || answer?.status === 409) {
      this.isDue = false;
      this.enter();
    } else if (answer?.status === 422) this.#correct(await answer.text());
    else trouble(form);
  }

  /** @param {string} page the forms again, with words */
  #correct(page) {
    this.forms.innerHTML = page;
    suggest();
    this.forms.querySelector("[data-focus-first]")?.focus();
  }

  /** @param {MouseEvent} event */
  #change(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest("#arrival-elsewhere");
    if (!button) return;
    button.setAttribute("aria-expanded", "true");
    byId("arrival-same").hidden = true;
    byId("arrival-new").hidden = false;
    byId("address").focus();
  }
}

/** @param {HTMLFormElement} form */
function trouble(form) {
  const words = document.createElement("p");
  words.className = "check-refusal";
  words.setAttribute("role", "alert");
  words.textContent = "This did not reach the practice. Check your connection and press once more.";
  form.querySelector(".check-refusal")?.remove();
  form.append(words);
}

/** Offer the states and provinces of the chosen country. */
function suggest() {
  byId("region").setAttribute("list", `regions-${byId("country").value}`);
}
