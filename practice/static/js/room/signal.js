// @ts-check
// How good the connection is: three bars from the round trip and what gets lost.

import { byId } from "./dom.js";

const EVERY = 3000;
const WORDS = ["no connection", "weak", "fair", "good"];

/** @param {import("./connection.js").Connection} connection */
export function wireSignal(connection) {
  let trip = 0;
  let received = 0;
  let lost = 0;
  connection.addEventListener("beat", (event) => {
    trip += (/** @type {CustomEvent} */ (event).detail.roundTrip - trip) / 4;
  });
  connection.addEventListener("tracks", () => (received = lost = 0));
  setInterval(async () => {
    const now = await count(connection);
    const share = (now.lost - lost) / Math.max(1, now.received - received + now.lost - lost);
    ({ received, lost } = now);
    show(connection.isUp ? bars(trip, share) : 0);
  }, EVERY);
}

/** @param {number} trip in ms @param {number} share of packets lost, 0 to 1 @returns {number} 1 to 3 */
export function bars(trip, share) {
  if (trip > 500 || share > 0.08) return 1;
  return trip > 250 || share > 0.03 ? 2 : 3;
}

/** @param {import("./connection.js").Connection} connection */
async function count(connection) {
  let received = 0;
  let lost = 0;
  for (const report of (await connection.stats())?.values() ?? []) {
    if (report.type !== "inbound-rtp") continue;
    received += report.packetsReceived ?? 0;
    lost += Math.max(0, report.packetsLost ?? 0);
  }
  return { received, lost };
}

/** @param {number} number */
function show(number) {
  const signal = byId("signal");
  signal.className = `signal signal-${number}`;
  signal.setAttribute("aria-label", `Connection: ${WORDS[number]}`);
}
