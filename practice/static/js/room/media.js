// @ts-check
// One's own camera, microphone and speaker: opened, switched off for real, changed in the middle of a call.

/** @typedef {"camera" | "microphone"} Kind */
/** @typedef {"camera" | "microphone" | "speaker"} DeviceKind */
/** @typedef {Record<Kind | "screen", MediaStreamTrack | null> & {pixels: number}} Outgoing */

import { canSoften, softened } from "./soften.js";

const INPUTS = /** @type {const} */ ({ camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" });
const CHOSEN = "stillpoint.devices";
const SWITCHES = "stillpoint.switches";

/** @param {Storage} storage @param {string} key @returns {any} */
function remembered(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}

/** Emits "close", "change" when a track or a switch changed, "trouble" {error, what}, "devices" when the list changed. */
export class Media extends EventTarget {
  constructor() {
    super();
    /** What goes out. @type {Record<Kind | "screen", MediaStreamTrack | null>} */
    this.tracks = { camera: null, microphone: null, screen: null };
    /** What the devices give. @type {Record<Kind, MediaStreamTrack | null>} */
    this.raw = { camera: null, microphone: null };
    /** The microphone together with the sound of a shared tab. @type {MediaStreamTrack | null} */
    this.mixed = null;
    /** @type {import("./soften.js").Softened | null} */
    this.softened = null;
    const switches = remembered(sessionStorage, SWITCHES);
    /** @type {Record<Kind, boolean>} */
    this.on = { camera: switches.camera !== false, microphone: switches.microphone !== false };
    /** @type {Record<string, string>} */
    this.chosen = remembered(localStorage, CHOSEN);
    /** @type {Record<DeviceKind, MediaDeviceInfo[]>} */
    this.devices = { camera: [], microphone: [], speaker: [] };
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#list());
  }

  /** What goes out on each line, and how many pixels the camera gives: 0 if it does not say. @returns {Outgoing} */
  get outgoing() {
    const { width = 0, height = 0 } = this.raw.camera?.getSettings() ?? {};
    return { ...this.tracks, microphone: this.mixed ?? this.tracks.microphone, pixels: width * height };
  }

  /** Whether the background is softened before it leaves the device. */
  get softens() {
    return this.chosen.soften === "yes" && canSoften;
  }

  /** Ask for what is switched on: both at once, and one alone if the other does not come. */
  async open() {
    const wanted = /** @type {Kind[]} */ (["camera", "microphone"]).filter((kind) => this.on[kind] || kind === "microphone");
    const failed = [];
    let error = await this.#get(wanted);
    if (error && wanted.length > 1) {
      for (const kind of wanted) {
        const own = await this.#get([kind]);
        if (own) failed.push(kind), (error = own);
      }
    } else if (error) failed.push(...wanted);
    await this.#list();
    this.#changed();
    const what = failed.length > 1 ? "both" : failed[0];
    this.dispatchEvent(new CustomEvent("trouble", { detail: failed.length ? { error, what } : null }));
  }

  /** Switch one on or off. A camera that is off is released, so that its light goes out. @param {Kind} kind @param {boolean} on */
  async turn(kind, on) {
    this.on[kind] = on;
    sessionStorage.setItem(SWITCHES, JSON.stringify(this.on));
    if (kind === "microphone" && this.tracks.microphone) this.tracks.microphone.enabled = on;
    else if (!on) this.#release(kind);
    else if (!this.tracks[kind]) await this.#again(kind);
    this.#changed();
  }

  /** Use another device from now on. @param {DeviceKind} kind @param {string} id */
  async choose(kind, id) {
    this.#remember(kind, id);
    if (kind === "speaker") return this.#changed();
    if (kind === "microphone" || this.on.camera) {
      this.#release(kind);
      await this.#again(kind);
    }
    this.#changed();
  }

  /** Quieten the noise around, or let everything be heard. The microphone is opened anew for it. @param {boolean} on */
  async quieten(on) {
    this.#remember("quieten", on ? "yes" : "no");
    if (this.tracks.microphone) await this.#again("microphone");
    this.#changed();
  }

  /** Soften the background, or show it as it is. The camera is opened anew for it. @param {boolean} on */
  async soften(on) {
    this.#remember("soften", on ? "yes" : "no");
    if (this.tracks.camera) {
      this.#release("camera");
      await this.#again("camera");
    }
    this.#changed();
  }

  /** Share a screen, or no longer. @param {MediaStreamTrack | null} picture @param {MediaStreamTrack | null} mixed the microphone with its sound */
  share(picture, mixed) {
    this.tracks.screen = picture;
    this.mixed = mixed;
    this.#changed();
  }

  /** Let go of everything. */
  close() {
    this.dispatchEvent(new Event("close"));
    this.#release("camera");
    this.#release("microphone");
    this.#changed();
  }

  /** @param {string} what @param {string} value */
  #remember(what, value) {
    this.chosen[what] = value;
    localStorage.setItem(CHOSEN, JSON.stringify(this.chosen));
  }

  /** @param {Kind} kind */
  async #again(kind) {
    const error = await this.#get([kind]);
    if (error && kind === "camera") this.on.camera = false;
    this.dispatchEvent(new CustomEvent("trouble", { detail: error ? { error, what: kind } : null }));
    await this.#list();
  }

  /** @param {Kind[]} kinds @returns {Promise<string>} the error's name, or nothing */
  async #get(kinds) {
    if (!navigator.mediaDevices?.getUserMedia) return "TypeError";
    try {
      await this.#take(await navigator.mediaDevices.getUserMedia(this.#wishes(kinds, true)));
    } catch (error) {
      const name = /** @type {DOMException} */ (error).name;
      if (name !== "OverconstrainedError") return name;
      try {
        await this.#take(await navigator.mediaDevices.getUserMedia(this.#wishes(kinds, false)));
      } catch (second) {
        return /** @type {DOMException} */ (second).name;
      }
    }
    return "";
  }

  /** @param {Kind[]} kinds @param {boolean} exact whether the remembered device must be the one @returns {MediaStreamConstraints} */
  #wishes(kinds, exact) {
    /** @param {Kind} kind */
    const device = (kind) => (exact && this.chosen[kind] ? { deviceId: { exact: this.chosen[kind] } } : {});
    const quiet = this.chosen.quieten !== "no";
    const sound = { ...device("microphone"), echoCancellation: true, noiseSuppression: quiet, autoGainControl: quiet };
    const picture = { ...device("camera"), width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 25 } };
    return { audio: kinds.includes("microphone") ? sound : false, video: kinds.includes("camera") ? picture : false };
  }

  /** @param {MediaStream} stream */
  async #take(stream) {
    for (const track of stream.getTracks()) {
      const kind = track.kind === "video" ? "camera" : "microphone";
      this.#release(kind);
      this.raw[kind] = track;
      this.tracks[kind] = kind === "camera" && this.softens ? await this.#softly(track) : track;
      if (kind === "microphone") track.enabled = this.on.microphone;
      track.addEventListener("ended", () => this.#lost(kind, track));
    }
  }

  /** Give the softened picture, or none at all. @param {MediaStreamTrack} camera */
  async #softly(camera) {
    try {
      this.softened = await softened(camera, () => this.#lost("camera", camera, "SofteningError"));
    } catch (error) {
      if (this.raw.camera !== camera) return this.tracks.camera;
      this.#release("camera");
      throw new DOMException(String(error), "SofteningError");
    }
    if (this.raw.camera === camera) return this.softened.track;
    this.softened.stop();
    return this.tracks.camera;
  }

  /** @param {Kind} kind @param {MediaStreamTrack} track @param {string} [error] its name */
  #lost(kind, track, error = "NotFoundError") {
    if (this.raw[kind] !== track) return;
    this.#release(kind);
    if (kind === "camera") this.on.camera = false;
    this.dispatchEvent(new CustomEvent("trouble", { detail: { error, what: kind } }));
    this.#changed();
  }

  /** @param {Kind} kind */
  #release(kind) {
    const track = this.raw[kind];
    this.tracks[kind] = this.raw[kind] = null;
    track?.stop();
    if (kind !== "camera") return;
    this.softened?.stop();
    this.softened = null;
  }

  async #list() {
    const found = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
    for (const kind of /** @type {DeviceKind[]} */ (["camera", "microphone", "speaker"])) {
      this.devices[kind] = found.filter((device) => device.kind === INPUTS[kind] && device.deviceId);
    }
    this.dispatchEvent(new Event("devices"));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
