// @ts-check
// One RTCPeerConnection to the media server: its lines, which stay the same for its whole life, and its heartbeat.

import { OPTIONS } from "./secrecy/cover.js";
import { RIDS, sizesFor } from "./sizes.js";

export const BEAT_EVERY = 300;
const DOUBT_AFTER = 700;
const DEAD_AFTER = 1200;
const SOUND_IS_ENOUGH_AFTER = 400;
const WAIT_NO_LONGER_AFTER = 1500;

const LINES = /** @type {const} */ ([["audio", "audio"], ["camera", "video"], ["screen", "video"]]);
const CODECS = { audio: ["audio/red", "audio/opus"], video: ["video/vp8", "video/rtx"] };

/** @typedef {"audio" | "camera" | "screen"} Label */
/** What arrives from one person. @typedef {Record<Label, MediaStreamTrack>} Tracks */
/** Called for each line before it is offered; slot 0 sends and receives, the others receive. @typedef {(line: RTCRtpTransceiver, label: Label, slot: number) => void} Cover */

/** @param {RTCRtpTransceiver} line @param {"audio" | "video"} kind the codecs that the server forwards, best first */
function prefer(line, kind) {
  const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  const chosen = CODECS[kind].flatMap((type) => known.filter((codec) => codec.mimeType.toLowerCase() === type));
  if (chosen.length && "setCodecPreferences" in line) line.setCodecPreferences(chosen);
}

/** Emits "beat" {roundTrip}, "up" whenever packets can flow (again), and "failed". */
export class Path extends EventTarget {
  /** @param {RTCIceServer[]} iceServers @param {number} slots how many others there may be @param {Cover} cover */
  constructor(iceServers, slots, cover) {
    super();
    this.generation = Math.floor(Math.random() * 2 ** 52) + 1;
    /** The number of its last offer. */
    this.number = 0;
    this.startedAt = this.beatAt = this.offeredAt = performance.now();
    this.upAt = 0;
    this.restartedAt = 0;
    this.peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers, ...OPTIONS });
    /** @type {RTCRtpTransceiver[]} */
    this.own = [];
    /** Whether the camera goes out in several sizes: where there is a group. */
    this.isLayered = slots > 1;
    /** The largest size that anybody watches, as the server says with each heartbeat. */
    this.top = RIDS.length - 1;
    /** How many pixels the camera gives, if it says. */
    this.pixels = 0;
    this.rung = 0;
    /** @type {RTCRtpEncodingParameters} */
    this.picture = {};
    this.shaping = Promise.resolve();
    /** @type {Tracks[]} */
    this.tracks = [];
    for (let slot = 0; slot < slots; slot += 1) this.#lay(slot, cover);
    this.beats = this.peer.createDataChannel("heartbeat", { ordered: false, maxRetransmits: 0 });
    /** Share of our sound that whoever hears us worst lost lately, as the server says with each heartbeat. */
    this.lostToOthers = 0;
    this.beats.addEventListener("message", (event) => this.#heard(...event.data.split(" ").map(Number)));
    this.peer.addEventListener("connectionstatechange", () => this.#changed());
  }

  /** Whether it was made and neither failed nor was closed. */
  get isConnected() {
    return this.peer.connectionState === "connected";
  }

  /** Whether an offer is on its way. */
  get awaitsAnswer() {
    return this.peer.signalingState === "have-local-offer";
  }

  /** Whether the server can be reached over it. @param {number} now */
  isAlive(now) {
    return this.isConnected && now - this.beatAt < DEAD_AFTER;
  }

  /** Whether a beat is missing. @param {number} now */
  isDoubtful(now) {
    return now - this.beatAt > DOUBT_AFTER;
  }

  /** Hand the own tracks to the lines; what is off sends nothing at all. @param {import("./media.js").Outgoing} tracks @param {boolean} withPictures */
  send({ microphone, camera, screen, pixels }, withPictures) {
    if (pixels !== this.pixels) {
      this.pixels = pixels;
      if (this.isLayered) this.shape(this.rung, this.picture);
    }
    const sent = withPictures ? [microphone, camera, screen] : [microphone, null, null];
    for (const [place, track] of sent.entries()) this.own[place].sender.replaceTrack(track).catch(() => {});
  }

  /** Bound the camera's picture: one size by what is given, several also by leaving the largest out. @param {number} rung @param {RTCRtpEncodingParameters} picture */
  shape(rung, picture) {
    Object.assign(this, { rung, picture });
    this.shaping = this.shaping.then(() => this.#shape()).catch(() => {});
  }

  /** Let sound wait before it is played, so that late copies of lost packets still count. @param {number} wait in ms; 0 leaves it to the browser */
  cushion(wait) {
    for (const { receiver } of this.peer.getTransceivers()) {
      if (receiver.track.kind === "audio" && "jitterBufferTarget" in receiver) receiver.jitterBufferTarget = wait || null;
    }
  }

  /** Write an offer. @param {boolean} restart whether to look for new ways to the server @returns {Promise<string>} */
  async offer(restart) {
    this.offeredAt = performance.now();
    if (restart) {
      this.restartedAt = this.offeredAt;
      this.peer.restartIce();
    }
    await this.peer.setLocalDescription();
    return this.peer.localDescription?.sdp ?? "";
  }

  /** Take the server's answer. @param {string} sdp */
  async answered(sdp) {
    if (!this.awaitsAnswer) return;
    await this.peer.setRemoteDescription({ type: "answer", sdp });
    const ice = this.peer.sctp?.transport.iceTransport;
    if (ice) ice.onselectedcandidatepairchange = () => this.#changed();
  }

  /** Send a heartbeat. @param {number} now @param {number[]} heights at how many pixels each slot's camera is shown */
  beat(now, heights) {
    if (this.beats.readyState === "open") this.beats.send([now, ...heights].join(" "));
  }

  /** The page itself was held up: it heard nothing for that long, and the path may be fine. @param {number} now @param {number} late */
  excuse(now, late) {
    this.beatAt = Math.min(now, this.beatAt + late);
  }

  /** Whether pictures or sound arrive over it, or it is time to stop waiting for them. */
  async carries() {
    if (!this.isConnected) return false;
    const since = performance.now() - this.upAt;
    let frames = 0;
    let sound = 0;
    for (const report of (await this.peer.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      if (report.kind === "video") frames += report.framesDecoded ?? 0;
      else sound += report.packetsReceived ?? 0;
    }
    return frames > 0 || (sound > 0 && since > SOUND_IS_ENOUGH_AFTER) || since > WAIT_NO_LONGER_AFTER;
  }

  /** End. */
  close() {
    this.peer.close();
  }

  /** @param {number} slot @param {Cover} cover */
  #lay(slot, cover) {
    /** @type {any} */
    const tracks = {};
    for (const [label, kind] of LINES) {
      const sendEncodings = label === "camera" && !slot && this.isLayered ? RIDS.map((rid) => ({ rid })) : undefined;
      const line = this.peer.addTransceiver(kind, { direction: slot ? "recvonly" : "sendrecv", ...(sendEncodings && { sendEncodings }) });
      prefer(line, kind);
      cover(line, label, slot);
      tracks[label] = line.receiver.track;
      if (!slot) this.own.push(line);
    }
    this.tracks.push(tracks);
  }

  async #shape() {
    const { sender } = this.own[1];
    const parameters = sender.getParameters();
    const encodings = parameters.encodings ?? [];
    const shaped = encodings.length > 1 ? sizesFor(this.pixels, this.top, this.rung, this.picture) : [this.picture];
    encodings.forEach((encoding, place) => Object.assign(encoding, shaped[place]));
    await sender.setParameters(parameters);
  }

  /** @param {number} sentAt @param {number} [lost] @param {number} [top] */
  #heard(sentAt, lost = 0, top = this.top) {
    this.beatAt = performance.now();
    this.lostToOthers = lost;
    if (top !== this.top) {
      this.top = top;
      if (this.isLayered) this.shape(this.rung, this.picture);
    }
    this.dispatchEvent(new CustomEvent("beat", { detail: { roundTrip: this.beatAt - sentAt } }));
  }

  #changed() {
    if (this.isConnected) {
      this.beatAt = performance.now();
      this.upAt ||= this.beatAt;
      this.dispatchEvent(new Event("up"));
    } else if (this.peer.connectionState === "failed") this.dispatchEvent(new Event("failed"));
  }
}
