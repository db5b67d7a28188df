// @ts-check
// The last page: what ended, in words, and the way on.

import { byId } from "./dom.js";

/** What the page says, and what its button does. @type {Record<string, {title: string, text: string, again: string}>} */
const ENDINGS = {
  left: { title: "You have left the session", text: "Camera and microphone are off.", again: "Go back in" },
  ended: { title: "The session has ended", text: "Camera and microphone are off.", again: "" },
  closed: { title: "The session has ended", text: "Its room has closed. Camera and microphone are off.", again: "" },
  cancelled: { title: "This session was cancelled", text: "Camera and microphone are off.", again: "" },
  place: { title: "You are no longer in this session", text: "Your place in it was cancelled. Camera and microphone are off.", again: "" },
  moved: { title: "Your session goes on elsewhere", text: "You opened it in another tab or on another device, so this page stepped aside.", again: "Use it here" },
  removed: { title: "You are no longer in this session", text: "", again: "Ask to come back" },
  refused: { title: "You cannot go in now", text: "", again: "Try again" },
  broken: { title: "The session stopped on this device", text: "The part of this page that encrypts has stopped, so nothing goes out and nothing can be shown. Load the page again: you go back in by yourself.", again: "Load the page again" },
};

/** Whether somebody who loads the page anew goes straight back in. @param {string} ending */
export const mayReturn = (ending) => ending === "moved" || ending === "broken";

/** Write the last page. @param {string} ending @param {string} [words] instead of the usual ones */
export function farewell(ending, words) {
  const { title, text, again } = ENDINGS[ending];
  byId("done-title").textContent = title;
  byId("done-text").textContent = words ?? text;
  byId("rejoin").hidden = !again;
  byId("rejoin").dataset.after = ending;
  byId("rejoin-label").textContent = again;
}

/** Wire the way on. @param {() => void} enter */
export function wireRejoin(enter) {
  const button = /** @type {HTMLButtonElement} */ (byId("rejoin"));
  button.addEventListener("click", () => (button.dataset.after === "broken" ? location.reload() : enter()));
}
