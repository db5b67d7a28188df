// @ts-check
// Where the client is now: sent from the page, so that camera and microphone stay as they are.

import { byId } from "./dom.js";

/** Answer the arrival's forms. @param {() => void} enter called when everything is said */
export function wireArrival(enter) {
  const forms = byId("arrival-forms");
  if (!forms) return;
  forms.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    tell(forms, event, enter);
  });
  forms.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("#arrival-elsewhere");
    if (!button) return;
    button.setAttribute("aria-expanded", "true");
    byId("arrival-same").hidden = true;
    byId("arrival-new").hidden = false;
    byId("address").focus();
  });
  forms.addEventListener("change", () => suggest());
  suggest();
}

/** @param {HTMLElement} forms @param {SubmitEvent} event @param {() => void} enter */
async function tell(forms, event, enter) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const said = new FormData(form);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button?.name) said.set(button.name, button.value);
  if (button) button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: said }).catch(() => null);
  if (button) button.disabled = false;
  if (answer?.ok) return enter();
  if (answer?.status === 422) {
    forms.innerHTML = await answer.text();
    suggest();
    /** @type {HTMLElement | null} */ (forms.querySelector("[data-focus-first]"))?.focus();
  } else if (answer?.status === 409) enter();
  else trouble(form);
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
