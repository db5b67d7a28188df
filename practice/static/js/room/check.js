// @ts-check
// The device check: picture, level, tone, trouble in words, and the way in once the room is open.

import { byId } from "./dom.js";
import { Level, tone } from "./sound.js";
import { browserOf, explain } from "./trouble.js";

const HEARD = 25;

/** @param {import("./media.js").Media} media @param {{opens: number, now: () => number, enter: () => void, returning: boolean}} door */
export function wireCheck(media, door) {
  let heard = false;
  const level = new Level((loudness) => {
    byId("check-level").value = loudness;
    if (loudness > HEARD && !heard) {
      heard = true;
      byId("check-heard").textContent = "We hear you";
    }
  });
  /** @type {MediaStreamTrack | null} */
  let listened = null;
  media.addEventListener("change", () => {
    const track = byId("visit").dataset.stage === "check" ? media.tracks.microphone : null;
    if (track !== listened) level.listen((listened = track));
    if (!media.on.microphone) byId("check-heard").textContent = "Your microphone is off";
    else byId("check-heard").textContent = !media.tracks.microphone ? "No microphone" : heard ? "We hear you" : "Say a few words";
  });
  media.addEventListener("trouble", (event) => showTrouble(/** @type {CustomEvent} */ (event).detail));
  byId("trouble-again").addEventListener("click", () => media.open());
  byId("check-tone").addEventListener("click", async () => {
    await tone(media.chosen.speaker).catch(() => {});
    byId("check-tone-said").textContent = "Did you hear two notes? If not, choose another speaker or turn it up.";
  });
  byId("enter").addEventListener("click", door.enter);
  if (door.returning) byId("enter-label").textContent = "Going back in";
  else openWhenDue(door);
}

/** The page sends the button disabled: a press before this script has arrived would be lost. @param {{opens: number, now: () => number}} door */
function openWhenDue(door) {
  if (door.now() >= door.opens) {
    byId("enter").disabled = false;
    return;
  }
  const timer = setInterval(() => {
    if (door.now() < door.opens) return;
    clearInterval(timer);
    byId("enter").disabled = false;
    byId("enter-hint").textContent = "The room is open.";
  }, 1000);
}

/** @param {{error: string, what: "camera" | "microphone" | "both"} | null} trouble */
function showTrouble(trouble) {
  byId("check-trouble").hidden = !trouble;
  if (!trouble) return;
  const { title, text, steps } = explain(trouble.error, trouble.what, browserOf(navigator.userAgent));
  byId("trouble-title").textContent = title;
  byId("trouble-text").textContent = text;
  byId("trouble-steps").replaceChildren(
    ...steps.map((step) => {
      const item = document.createElement("li");
      item.textContent = step;
      return item;
    }),
  );
  if (trouble.what !== "microphone") byId("check-empty-text").textContent = "No picture yet. You can also go in without one.";
}
