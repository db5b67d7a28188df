// @ts-check
// The form for a new session: another service, day or client brings the times that are then free; clients are found by name.
import { combobox } from "./finder.js";

/** @param {ParentNode} place */
export function dress(place) {
  const form = place.querySelector("[data-new-session]");
  if (!(form instanceof HTMLFormElement)) return;
  const finder = form.querySelector("[data-finder]");
  if (finder instanceof HTMLElement) combobox(finder, () => renew(form));
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      if (["service_id", "mode", "day"].includes(field.name)) renew(form, field.id);
    }
  });
}

/**
 * Ask for the form anew with what is chosen so far, and put the focus back where it was.
 * @param {HTMLFormElement} form
 * @param {string} [focus]
 */
async function renew(form, focus = "starts_at") {
  const chosen = new URLSearchParams();
  for (const name of ["client_id", "service_id", "mode", "day", "starts_at", "at", "coming"]) {
    const value = new FormData(form).get(name);
    if (typeof value === "string" && value) chosen.set(name, value);
  }
  const answer = await fetch(`${form.action}?${chosen}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const replacement = fresh.content.querySelector("[data-new-session]");
  const parent = form.parentElement;
  if (!replacement || !parent) return;
  form.replaceWith(replacement);
  dress(parent);
  document.getElementById(focus)?.focus();
}

dress(document);
