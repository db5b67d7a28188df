// @ts-check
// The media connection, kept up whatever happens to the path: a heartbeat finds out long before the browser would; then
// new ways for the same connection (an ICE restart), and soon after a new connection beside it. The old one is shown
// until the new one carries.

import { pause } from "./dom.js";
import { BEAT_EVERY, Path } from "./path.js";

const ANSWER_WITHIN = 2500;
const CONNECT_WITHIN = 5000;
const RESTART_WITHIN = 800;
const LOOK_EVERY = 100;

/** Emits "tracks" {audio, camera, screen, others} when others are to be shown, "connected", "lost", and "beat" {roundTrip}. */
export class Connection extends EventTarget {
  /** @param {import("./link.js").Link} link @param {import("./media.js").Media} media @param {number} slots how many others there may be @param {import("./path.js").Cover} cover what seals each line */
  constructor(link, media, slots, cover) {
    super();
    this.link = link;
    this.media = media;
    this.slots = slots;
    this.cover = cover;
    /** @type {Path | null} */
    this.shown = null;
    /** What is to be shown next. @type {Path | null} */
    this.coming = null;
    this.number = 0;
    this.watchedAt = 0;
    this.isLost = false;
    this.timer = 0;
    /** How much it is to carry (see ladder.js). */
    this.rung = 0;
    this.withPictures = true;
    /** @type {RTCRtpEncodingParameters} */
    this.picture = {};
    this.wait = 0;
    /** At how many pixels of the screen each slot's camera is shown. @type {() => number[]} */
    this.heights = () => [];
    media.addEventListener("change", () => this.#send());
    addEventListener("online", () => this.#elsewhere());
    let network = kindOfNetwork();
    /** @type {any} */ (navigator).connection?.addEventListener?.("change", () => {
      if (network !== (network = kindOfNetwork())) this.#elsewhere();
    });
  }

  /** @returns {Path[]} the connections there are */
  get paths() {
    return [this.shown, this.coming].filter((path) => path !== null);
  }

  /** The connection that is shown. @returns {RTCPeerConnection | null} */
  get peer() {
    return this.shown?.peer ?? null;
  }

  /** Whether packets flow. */
  get isUp() {
    return Boolean(this.shown?.isConnected) && !this.isLost;
  }

  /** Build a new connection and offer it, beside the one there is if that was ever up. */
  start() {
    this.coming?.close();
    this.coming = null;
    const path = new Path(this.link.iceServers, this.slots, this.cover);
    path.send(this.media.outgoing, this.withPictures);
    path.addEventListener("beat", (event) => this.#heard(path, /** @type {CustomEvent} */ (event).detail));
    path.addEventListener("up", () => {
      path.shape(this.rung, this.picture);
      if (this.wait) path.cushion(this.wait);
      this.#up(path);
    });
    path.addEventListener("failed", () => path === this.shown && this.#lose());
    if (this.shown?.upAt) {
      this.coming = path;
      this.#handOver(path);
    } else {
      this.shown?.close();
      this.#show(path);
    }
    this.#offer(path, false);
    if (!this.timer) this.watchedAt = performance.now();
    this.timer ||= setInterval(() => this.#watch(), BEAT_EVERY);
  }

  /** More people came than there are lines for: a new connection with more of them takes over. @param {number} others */
  makeRoom(others) {
    if (others <= this.slots) return;
    this.slots = others;
    if (this.shown) this.start();
  }

  /** Take the server's answer. @param {{sdp: string, number: number}} answer */
  async answered({ sdp, number }) {
    const path = this.paths.find((each) => each.number === number);
    await path?.answered(sdp).catch(() => path === this.shown && this.#lose());
  }

  /** The line to the server is back: go on with what it still has, or begin anew. @param {number} generation */
  resume(generation) {
    const path = this.coming ?? this.shown;
    if (!path || !this.paths.some((each) => each.generation === generation)) this.start();
    else if (path.awaitsAnswer || path.generation !== generation) this.#offer(path, false);
    else if (this.isLost && path === this.shown) this.#offer(path, true);
  }

  /** Send less, or more again. @param {number} rung @param {RTCRtpEncodingParameters} picture @param {boolean} withPictures */
  ration(rung, picture, withPictures) {
    Object.assign(this, { rung, picture, withPictures });
    this.paths.forEach((path) => path.shape(rung, picture));
    this.#send();
  }

  /** Let sound wait that many milliseconds before it is played, or as long as the browser likes. @param {number} wait */
  cushion(wait) {
    if (wait === this.wait) return;
    this.wait = wait;
    this.paths.forEach((path) => path.cushion(wait));
  }

  /** End for good. */
  close() {
    clearInterval(this.timer);
    this.timer = 0;
    this.isLost = false;
    for (const path of this.paths) path.close();
    this.shown = this.coming = null;
  }

  /** @returns {Promise<RTCStatsReport | undefined>} */
  async stats() {
    return this.peer?.getStats();
  }

  #send() {
    for (const path of this.paths) path.send(this.media.outgoing, this.withPictures);
  }

  /** @param {Path} path @param {boolean} restart */
  async #offer(path, restart) {
    const number = (path.number = this.number += 1);
    const sdp = await path.offer(restart).catch(() => "");
    if (sdp && number === path.number) this.link.send({ type: "offer", sdp, number, generation: path.generation });
  }

  /** @param {Path} path */
  #show(path) {
    this.shown = path;
    const [first, ...others] = path.tracks;
    this.dispatchEvent(new CustomEvent("tracks", { detail: { ...first, others } }));
  }

  /** Wait until a new connection carries, and put it in the old one's place. @param {Path} path */
  async #handOver(path) {
    while (path === this.coming && !(await path.carries())) await pause(LOOK_EVERY);
    if (path !== this.coming) return;
    const old = this.shown;
    this.coming = null;
    this.#show(path);
    old?.close();
    this.#found();
  }

  /** @param {Path} path @param {{roundTrip: number}} detail */
  #heard(path, detail) {
    if (path !== this.shown) return;
    if (this.isLost) this.#up(path);
    this.dispatchEvent(new CustomEvent("beat", { detail }));
  }

  /** @param {Path} path */
  #up(path) {
    if (path !== this.shown) return;
    path.restartedAt = 0;
    if (this.coming && this.isLost && !this.coming.upAt) {
      this.coming.close();
      this.coming = null;
    }
    this.#found();
  }

  #found() {
    this.isLost = false;
    this.dispatchEvent(new Event("connected"));
  }

  #watch() {
    const now = performance.now();
    const late = now - this.watchedAt - 2 * BEAT_EVERY;
    this.watchedAt = now;
    for (const path of this.paths) {
      if (late > 0) path.excuse(now, late);
      path.beat(now, this.heights());
    }
    const path = this.shown;
    if (!path || path.isAlive(now)) {
      if (path?.isDoubtful(now)) this.link.probe();
    } else if (path.upAt) this.#lose();
    else if (this.#isStuck(path, now)) this.#lose();
  }

  /** @param {Path} path @param {number} now */
  #isStuck(path, now) {
    return now - (path.awaitsAnswer ? path.offeredAt : path.startedAt) > (path.awaitsAnswer ? ANSWER_WITHIN : CONNECT_WITHIN);
  }

  /** The path is dead: say so once, and look for another while the line to the server stands. */
  #lose() {
    const now = performance.now();
    const path = this.coming ?? this.shown;
    if (!this.isLost) {
      this.isLost = true;
      this.link.probe();
      this.dispatchEvent(new Event("lost"));
    }
    if (!path || !this.link.isOpen) return;
    if (path === this.shown && path.upAt && !path.restartedAt) this.#offer(path, true);
    else if (path === this.shown && path.upAt) now - path.restartedAt > RESTART_WITHIN && this.start();
    else if (this.#isStuck(path, now)) path.awaitsAnswer ? this.link.renew() : this.start();
  }

  /** The device has another network: the old way to the server is gone or soon will be. */
  #elsewhere() {
    this.link.hurry();
    if (this.shown?.isConnected && this.link.isOpen) this.#offer(this.shown, true);
  }
}

/** Which network the device is in, as far as the browser tells. */
const kindOfNetwork = () => /** @type {any} */ (navigator).connection?.type;
