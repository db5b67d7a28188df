// @ts-check
// Finding elements, and saying aloud what only the eye would notice.

/** @param {string} id @returns {any} the element, which the page always has */
export const byId = (id) => document.getElementById(id);

/** @param {string} selector @returns {HTMLElement[]} */
export const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

/** Say something to people who listen to the page. @param {string} words */
export function announce(words) {
  const element = byId("announcer");
  // The same words again are only read out when something about them changed.
  element.textContent = element.textContent === words ? `${words}\u00a0` : words;
}

/** Say something at once, interrupting. @param {string} words */
export function alarm(words) {
  byId("alarm").textContent = words;
}

let toastTimer = 0;

/** Show a short word over the picture for a few seconds, and say it. @param {string} words */
export function toast(words) {
  announce(words);
  const element = byId("toast");
  element.textContent = words;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element.hidden = true), 5000);
}

/** Wait. @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
