// @ts-check
// Sharing one's screen, with the sound of a tab when the browser gives it.

import { announce, byId, toast } from "./dom.js";
import { showDone, wireDo } from "./more.js";
import { Mixer } from "./sound.js";

const WISHES = {
  video: { width: { max: 1920 }, height: { max: 1200 }, frameRate: { ideal: 15, max: 30 } },
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  selfBrowserSurface: "exclude",
  surfaceSwitching: "include",
  systemAudio: "exclude",
};

/** @param {import("./media.js").Media} media @returns {() => void} begins and ends it */
export function wireScreen(media) {
  const sharing = new Sharing(media);
  const turn = () => (media.tracks.screen ? sharing.stop() : sharing.start());
  wireDo("share", turn, Boolean(navigator.mediaDevices?.getDisplayMedia));
  byId("stop-sharing").addEventListener("click", () => sharing.stop());
  media.addEventListener("close", () => sharing.stop());
  return turn;
}

class Sharing {
  /** @param {import("./media.js").Media} media */
  constructor(media) {
    this.media = media;
    this.mixer = new Mixer();
    /** @type {MediaStream | null} */
    this.stream = null;
    media.addEventListener("change", () => this.mixer.speak(media.tracks.microphone));
  }

  async start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia(/** @type {any} */ (WISHES));
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== "NotAllowedError") toast("Your screen could not be shared.");
      return;
    }
    this.stream = stream;
    const [picture] = stream.getVideoTracks();
    const [sound] = stream.getAudioTracks();
    picture.contentHint = sound ? "motion" : "detail";
    picture.addEventListener("ended", () => this.stop());
    this.mixer.speak(this.media.tracks.microphone);
    this.media.share(picture, sound ? this.mixer.with(sound) : null);
    this.#show(sound ? "You are sharing your screen with its sound" : "You are sharing your screen");
  }

  stop() {
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.mixer.end();
    this.media.share(null, null);
    this.#show("");
  }

  /** @param {string} words */
  #show(words) {
    byId("sharing").hidden = !words;
    if (words) byId("sharing-words").textContent = words;
    announce(words || "You no longer share your screen");
    showDone("share", Boolean(words));
  }
}
