// @ts-check
// For bad moments: the counselor's emergency panel, the client's silent sign, and the quick way out.

import { byId } from "./dom.js";
import { wireDo } from "./more.js";

const TIMES = 3;
const WITHIN = 2500;
const TWICE_WITHIN = 1000;

/** @param {{channel: import("./channel.js").Channel, leave: () => void, roster: import("./roster.js").Roster}} room */
export function wireSafety({ channel, leave, roster }) {
  wireExit(leave);
  wireSilentSign(channel, roster);
}

/** Open the panel, with the newest the practice knows. @returns {() => void} what opens it */
export function wireEmergency() {
  const dialog = byId("emergency");
  const open = async () => {
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    const answer = await fetch(dialog.dataset.url).catch(() => null);
    if (answer?.ok) byId("emergency-panel").innerHTML = await answer.text();
    else if (!byId("emergency-panel").querySelector("section")) {
      byId("emergency-panel").textContent = "The practice does not answer. Ask where your client is, and call the emergency number there.";
    }
  };
  wireDo("emergency", open, Boolean(dialog));
  return open;
}

/**
 * Show the counselor when a client says without a word that they are not alone; let the client say it.
 * @param {import("./channel.js").Channel} channel @param {import("./roster.js").Roster} roster
 */
function wireSilentSign(channel, roster) {
  const banner = byId("alone");
  if (!banner) return sendSilently(() => channel.send("alone", {}).catch(() => {}));
  byId("alone-seen").addEventListener("click", () => (banner.hidden = true));
  channel.addEventListener("alone", (event) => {
    byId("alone-who").textContent = `${roster.name(/** @type {CustomEvent} */ (event).detail.from)} is not alone any more`;
    banner.hidden = false;
  });
}

/** Three taps on one's own picture, or three full stops; nothing answers on the screen. @param {() => void} send */
function sendSilently(send) {
  const tapped = counted(send);
  const pressed = counted(send);
  byId("self").addEventListener("pointerup", (/** @type {Event} */ event) => tapped(event.timeStamp));
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "." && !event.repeat && !target.closest("input, textarea, select, [contenteditable]")) pressed(event.timeStamp);
  });
}

/** @param {() => void} act @returns {(at: number) => void} acts at the third call within a moment */
function counted(act) {
  /** @type {number[]} */
  let times = [];
  return (at) => {
    times = [...times.filter((each) => at - each < WITHIN), at];
    if (times.length < TIMES || byId("visit").dataset.stage !== "call") return;
    times = [];
    act();
  };
}

/** Leave room and site at once, by the button or by Escape twice when nothing else is open. @param {() => void} leave */
function wireExit(leave) {
  const way = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-room-exit]"));
  if (!way) return;
  const go = () => {
    document.body.hidden = true;
    document.title = "";
    leave();
    location.replace(way.href);
  };
  way.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
  let escapedAt = -Infinity;
  const isOpen = () => document.querySelector("dialog[open], .more:not([hidden]), .room-with-side");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat || isOpen()) return;
    if (event.timeStamp - escapedAt < TWICE_WITHIN) go();
    escapedAt = event.timeStamp;
  }, true);
}
