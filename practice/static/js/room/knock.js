// @ts-check
// How the counselor learns that somebody waits: aloud, by two notes, in the title, and outside the window if allowed.

import { alarm } from "./dom.js";
import { tone } from "./sound.js";

const title = document.title;
/** @type {Notification | null} */
let note = null;

/** Say something at once, with two notes; also on the desk, without names, while the window is not looked at. @param {string} words @param {string} speaker */
export function alert(words, speaker) {
  alarm(words);
  tone(speaker).catch(() => {});
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  note?.close();
  note = new Notification("Somebody is in your waiting room", { tag: "waiting-room" });
  note.addEventListener("click", () => window.focus());
}

/** Say in the title how many wait. @param {number} waiting */
export function knock(waiting) {
  document.title = waiting ? `(${waiting} waiting) ${title}` : title;
  if (!waiting) note?.close();
}

/** Let the counselor allow notes on the desk, where the browser has not been told yet. @param {HTMLElement | null} button */
export function wireNotes(button) {
  if (!button || !("Notification" in window) || Notification.permission !== "default") return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    button.hidden = true;
  });
}
