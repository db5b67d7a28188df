// @ts-check
// The network's line in the device check: measured once by itself, again when asked, in words and with what to do.

import { byId } from "./dom.js";
import { Stopped, probe } from "./probe.js";

const BEGIN_AFTER = 1500;
const GOOD = { loss: 2, roundTrip: 300, wavering: 40 };
const FAIR = { loss: 8, roundTrip: 600, wavering: 120 };

const NEARER = ["Go nearer to the router, or use a cable.", "Stop downloads, backups and films on the same line.", "If it stays like this, try the telephone's own network, or go in without your picture."];
const OTHER_WAY = ["Switch off a VPN if you use one.", "At work, at school or in a hotel, try the telephone's own network instead.", "Press “Test again” here."];

/** @type {Record<import("./probe.js").Stop, {words: string, steps: string[]}>} */
const STOPS = {
  offline: { words: "This device is not connected to the internet.", steps: ["Switch on Wi-Fi or mobile data, and switch flight mode off.", "Press “Test again” here."] },
  web: { words: "The practice does not answer over your connection.", steps: ["Check that other pages open.", "Press “Test again” here."] },
  door: { words: "The video room does not answer over your connection.", steps: OTHER_WAY },
  path: { words: "Your network lets pages through, but no picture and sound.", steps: OTHER_WAY },
  busy: { words: "Many are testing at this moment.", steps: ["Wait a moment, then press “Test again” here."] },
};

/** @param {import("./probe.js").Measured} measured @returns {{tone: string, words: string, steps: string[]}} */
export function judged({ loss, roundTrip, wavering, relayed }) {
  const figures = `${roundTrip} ms there and back, ${loss} % lost${relayed ? ", by way of a relay" : ""}`;
  const within = (/** @type {typeof GOOD} */ bound) => loss <= bound.loss && roundTrip <= bound.roundTrip && wavering <= bound.wavering;
  if (within(GOOD)) return { tone: "good", words: `Your connection is good: ${figures}.`, steps: [] };
  if (within(FAIR)) return { tone: "fair", words: `Your connection will do: ${figures}. The picture may get smaller at times.`, steps: [] };
  return { tone: "poor", words: `Your connection is weak: ${figures}. Sound and picture may break up.`, steps: NEARER };
}

/** Test by itself if somebody stays on the check, and when asked. @param {{url: string, csrf: string}} way */
export function wireNetwork({ url, csrf }) {
  /** @type {AbortController | null} */
  let running = null;
  const isShown = () => byId("visit").dataset.stage === "check";
  const test = async () => {
    running?.abort();
    const mine = (running = new AbortController());
    show("testing", "Testing your connection", []);
    const result = await probe(url, csrf, mine.signal).then(judged, stopped);
    if (mine === running && isShown()) show(result.tone, result.words, result.steps);
    if (mine === running) running = null;
  };
  byId("network-again").addEventListener("click", test);
  byId("enter").addEventListener("click", () => running?.abort());
  setTimeout(() => isShown() && !running && test(), BEGIN_AFTER);
}

/** @param {unknown} error @returns {{tone: string, words: string, steps: string[]}} */
function stopped(error) {
  return { tone: "poor", ...STOPS[error instanceof Stopped ? error.where : "path"] };
}

/** @param {string} tone @param {string} words @param {string[]} steps */
function show(tone, words, steps) {
  byId("network").dataset.tone = tone;
  byId("network-words").textContent = words;
  byId("network-again").hidden = tone === "testing";
  byId("network-steps").replaceChildren(...steps.map((step) => Object.assign(document.createElement("li"), { textContent: step })));
}
