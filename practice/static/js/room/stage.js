// @ts-check
// The other person's picture and sound. While a connection is replaced, the last frame stays: never black.

import { byId } from "./dom.js";

/** What the stage shows beside the picture. @typedef {"" | "alone" | "door" | "connecting" | "reconnecting" | "theirs"} Situation */

export class Stage {
  /** @param {import("./media.js").Media} media @param {string} other the other person's name */
  constructor(media, other) {
    this.media = media;
    this.other = other;
    this.video = byId("remote-video");
    this.still = byId("remote-still");
    this.stream = new MediaStream();
    this.frames = 0;
    this.hasCamera = true;
    byId("sound-on").addEventListener("click", () => this.#play());
    media.addEventListener("change", () => this.#speaker());
  }

  /** Show a new connection's tracks, holding the last frame until the first new one. @param {{audio: MediaStreamTrack, camera: MediaStreamTrack}} tracks */
  show(tracks) {
    this.#hold();
    this.stream = new MediaStream([tracks.audio, tracks.camera]);
    this.video.srcObject = this.stream;
    this.frames = 0;
    const count = () => {
      this.frames += 1;
      if (this.frames === 1) this.still.hidden = true;
      if (this.video.srcObject === stream) this.video.requestVideoFrameCallback?.(count);
    };
    const stream = this.stream;
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(count);
    else this.video.addEventListener("timeupdate", () => (this.still.hidden = true), { once: true });
    this.#play();
    this.#speaker();
  }

  /** Show who is there and whether their microphone and camera are on. @param {any} person an occupant, or nothing */
  person(person) {
    this.hasCamera = !person || person.camera;
    if (person) this.#name(person.name);
    byId("remote-muted").hidden = !person || person.microphone;
    byId("remote-face").hidden = !person || person.camera;
    this.video.classList.toggle("stage-away", !person || !person.camera);
    if (!person) {
      this.still.hidden = true;
      this.frames = 0;
    }
  }

  /** Say what is going on. @param {Situation} situation */
  say(situation) {
    const words = {
      "": "",
      alone: `Waiting for ${this.other}`,
      door: `${this.other} is in the waiting room`,
      connecting: "Connecting",
      reconnecting: "Reconnecting. You need not do anything.",
      theirs: `${byId("remote-name").textContent}’s connection was interrupted. It is being restored.`,
    }[situation];
    byId("stage-message").hidden = !situation;
    byId("stage-message").dataset.situation = situation;
    byId("stage-message-text").textContent = words;
    this.video.classList.toggle("stage-dim", situation === "reconnecting" || situation === "theirs");
  }

  /** End. */
  clear() {
    this.video.srcObject = null;
    this.still.hidden = true;
    this.say("");
  }

  /** @param {string} name */
  #name(name) {
    if (byId("remote-name").textContent === name) return;
    byId("remote-name").textContent = name;
    const words = name.split(" ");
    const initials = byId("remote-face").querySelector("span.avatar");
    if (initials) initials.textContent = words[0].slice(0, 1) + (words.length > 1 ? words[words.length - 1].slice(0, 1) : "");
  }

  #hold() {
    if (!this.frames || !this.video.videoWidth || !this.hasCamera) return;
    this.still.width = this.video.videoWidth;
    this.still.height = this.video.videoHeight;
    this.still.getContext("2d")?.drawImage(this.video, 0, 0);
    this.still.hidden = false;
  }

  async #play() {
    try {
      this.video.muted = false;
      await this.video.play();
      byId("sound-on").hidden = true;
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== "NotAllowedError") return;
      byId("sound-on").hidden = false;
      this.video.muted = true;
      this.video.play().catch(() => {});
    }
  }

  #speaker() {
    const speaker = this.media.chosen.speaker;
    if (speaker && "setSinkId" in this.video) this.video.setSinkId(speaker).catch(() => {});
  }
}
