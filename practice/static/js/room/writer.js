// @ts-check
// Turns one's own speech into text on this device (Web Speech API, `processLocally`), or not at all.

const EVERY = 400;
const AGAIN_AFTER = 500;

/** @returns {any} the browser's recogniser, when it knows how to stay on the device */
function recogniser() {
  const { SpeechRecognition, webkitSpeechRecognition } = /** @type {any} */ (globalThis);
  const known = SpeechRecognition ?? webkitSpeechRecognition;
  return known && typeof known.available === "function" && "processLocally" in known.prototype ? known : null;
}

/** Whether this browser writes down speech on the device; its language is fetched first if need be. @returns {Promise<boolean>} */
export async function canWrite() {
  const known = recogniser();
  if (!known) return false;
  const wish = { langs: [navigator.language], processLocally: true };
  try {
    const state = await known.available(wish);
    return state === "available" || (state !== "unavailable" && (await known.install(wish)) === true);
  } catch {
    return false;
  }
}

export class Writer {
  /** @param {import("./media.js").Media} media @param {(text: string, final: boolean, number: number) => void} tell */
  constructor(media, tell) {
    this.media = media;
    this.tell = tell;
    this.wanted = false;
    this.number = 0;
    this.toldAt = 0;
    /** @type {any} */
    this.active = null;
    media.addEventListener("change", () => this.#follow());
  }

  start() {
    this.wanted = true;
    this.#follow();
  }

  stop() {
    this.wanted = false;
    this.#follow();
  }

  /** Listen exactly while it is wanted and the microphone is on. */
  #follow() {
    const track = this.media.on.microphone ? this.media.tracks.microphone : null;
    if (this.active && (!this.wanted || this.active.track !== track)) {
      const { recognition } = this.active;
      this.active = null;
      recognition.abort();
    }
    if (this.wanted && track && !this.active) this.#begin(track);
  }

  /** @param {MediaStreamTrack} track */
  #begin(track) {
    const recognition = new (recogniser())();
    recognition.processLocally = true;
    if (recognition.processLocally !== true) return;
    Object.assign(recognition, { lang: navigator.language, continuous: true, interimResults: true });
    const active = { recognition, track };
    this.active = active;
    recognition.addEventListener("result", (/** @type {any} */ event) => this.active === active && this.#result(event));
    recognition.addEventListener("end", () => {
      if (this.active === active) setTimeout(() => this.active === active && ((this.active = null), this.#follow()), AGAIN_AFTER);
    });
    recognition.start(track);
  }

  /** @param {any} event */
  #result(event) {
    for (let place = event.resultIndex; place < event.results.length; place += 1) {
      const result = event.results[place];
      const text = result[0].transcript.trim();
      if (text && (result.isFinal || performance.now() - this.toldAt > EVERY)) {
        this.toldAt = performance.now();
        this.tell(text, result.isFinal, this.number);
      }
      if (result.isFinal) this.number += 1;
    }
  }
}
