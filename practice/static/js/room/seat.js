// @ts-check
// One of the others on the stage: picture, sound, name. While a connection is replaced, the last frame stays: never black.

import { byId } from "./dom.js";

/** What one of the others sends. @typedef {{audio: MediaStreamTrack, camera: MediaStreamTrack, screen: MediaStreamTrack}} Received */

/** Play with sound, or silently until somebody presses for it. @param {HTMLVideoElement} video */
export async function play(video) {
  try {
    video.muted = false;
    await video.play();
    return true;
  } catch (error) {
    if (/** @type {DOMException} */ (error).name !== "NotAllowedError") return true;
    byId("sound-on").hidden = false;
    video.muted = true;
    video.play().catch(() => {});
    return false;
  }
}

export class Seat {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.video = /** @type {HTMLVideoElement} */ (element.querySelector("video"));
    this.still = /** @type {HTMLCanvasElement} */ (element.querySelector(".seat-still"));
    this.pin = /** @type {HTMLButtonElement} */ (element.querySelector(".seat-pin"));
    this.frames = 0;
    this.hasCamera = true;
    this.person = "";
    this.name = this.#part("seat-person").textContent ?? "";
    /** @type {Received | null} */
    this.tracks = null;
  }

  /** At how many pixels of the screen the picture is shown: at none while nobody looks. */
  get height() {
    if (document.hidden && document.pictureInPictureElement !== this.video) return 0;
    return Math.round(this.video.clientHeight * devicePixelRatio);
  }

  /** Show a new connection's tracks, holding the last frame until the first new one. @param {Received} tracks */
  show(tracks) {
    this.#hold();
    this.tracks = tracks;
    const stream = new MediaStream([tracks.audio, tracks.camera]);
    this.video.srcObject = stream;
    this.frames = 0;
    const count = () => {
      if (this.video.srcObject !== stream) return;
      this.frames += 1;
      if (this.frames === 1) this.still.hidden = true;
      this.video.requestVideoFrameCallback?.(count);
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(count);
    else this.video.addEventListener("timeupdate", () => (this.still.hidden = true), { once: true });
    play(this.video);
  }

  /** Show who sits here and whether their microphone and camera are on. @param {any} person an occupant, or nothing */
  sit(person) {
    this.element.hidden = !person;
    this.hasCamera = !person || person.camera;
    this.video.classList.toggle("seat-away", !this.hasCamera);
    this.#part("seat-face").hidden = this.hasCamera;
    if (this.person !== (person?.person ?? "") || !this.hasCamera) {
      this.still.hidden = true;
      if (this.person !== (person?.person ?? "")) this.frames = 0;
    }
    this.person = person?.person ?? "";
    if (!person) return;
    this.#name(person.name);
    this.#part("seat-muted").hidden = person.microphone;
    this.element.classList.toggle("seat-lost", !person.here);
    if (this.video.paused) play(this.video);
  }

  /** @param {boolean} isUp */
  hand(isUp) {
    this.#part("seat-hand").hidden = !isUp;
  }

  /** Play through a speaker. @param {string} [speaker] its device id */
  speaker(speaker) {
    if (speaker && "setSinkId" in this.video) this.video.setSinkId(speaker).catch(() => {});
  }

  /** End. */
  clear() {
    this.video.srcObject = null;
    this.tracks = null;
    this.still.hidden = true;
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.element.querySelector(`.${name}`));
  }

  /** @param {string} name */
  #name(name) {
    this.#part("seat-pin").lastElementChild?.replaceChildren(`Keep ${name} large`);
    if (this.name === name) return;
    this.name = name;
    this.#part("seat-person").textContent = name;
    const words = name.split(" ").filter((word) => /^[\p{L}\p{N}]/u.test(word));
    const initials = this.element.querySelector("span.avatar");
    if (initials) initials.textContent = (words[0] ?? "").slice(0, 1) + (words.length > 1 ? words[words.length - 1].slice(0, 1) : "");
  }

  #hold() {
    if (!this.frames || !this.video.videoWidth || !this.hasCamera) return;
    this.still.width = this.video.videoWidth;
    this.still.height = this.video.videoHeight;
    this.still.getContext("2d")?.drawImage(this.video, 0, 0);
    this.still.hidden = false;
  }
}
