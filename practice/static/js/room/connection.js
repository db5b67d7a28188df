// @ts-check
// The media connection. The page always offers, with the same lines for the whole call; when the path dies, a new
// connection takes over. A heartbeat finds out long before the browser would.

const BEAT_EVERY = 300;
const DEAD_AFTER = 1500;
const ANSWER_WITHIN = 3000;
const CONNECT_WITHIN = 6000;

const LINES = /** @type {const} */ ([["audio", "audio"], ["camera", "video"], ["screen", "video"]]);

/** @param {RTCRtpTransceiver} line @param {"audio" | "video"} kind the codecs that the server forwards, best first */
function prefer(line, kind) {
  const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  const wanted = kind === "audio" ? ["audio/red", "audio/opus"] : ["video/VP8", "video/rtx"];
  const chosen = wanted.flatMap((type) => known.filter((codec) => codec.mimeType.toLowerCase() === type.toLowerCase()));
  if (chosen.length && "setCodecPreferences" in line) line.setCodecPreferences(chosen);
}

/** Emits "tracks" {audio, camera, screen, others} for a new connection, "connected", "lost", and "beat" {roundTrip}. */
export class Connection extends EventTarget {
  /** @param {import("./link.js").Link} link @param {import("./media.js").Media} media @param {number} slots how many others there may be */
  constructor(link, media, slots = 1) {
    super();
    this.link = link;
    this.media = media;
    this.slots = slots;
    /** @type {RTCPeerConnection | null} */
    this.peer = null;
    /** @type {Record<string, RTCRtpTransceiver>} */
    this.lines = {};
    /** @type {RTCDataChannel | null} */
    this.beats = null;
    this.generation = 0;
    this.number = 0;
    this.startedAt = 0;
    this.beatAt = 0;
    this.watchedAt = 0;
    this.isLost = false;
    this.timer = 0;
    media.addEventListener("change", () => this.#send());
  }

  /** Whether packets flow. */
  get isUp() {
    return this.peer?.connectionState === "connected" && !this.isLost;
  }

  /** Build a new connection and offer it; an old one ends. */
  async start() {
    this.#hangUp();
    this.generation = Math.floor(Math.random() * 2 ** 52) + 1;
    this.startedAt = this.beatAt = performance.now();
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: this.link.iceServers });
    this.peer = peer;
    for (const [label, kind] of LINES) {
      this.lines[label] = peer.addTransceiver(kind, { direction: "sendrecv" });
      prefer(this.lines[label], kind);
    }
    const others = [];
    for (let slot = 1; slot < this.slots; slot += 1) others.push(this.#receive(peer));
    this.#listen(peer, peer.createDataChannel("heartbeat", { ordered: false, maxRetransmits: 0 }));
    peer.addEventListener("connectionstatechange", () => this.#stateOf(peer));
    this.#send();
    const [audio, camera, screen] = LINES.map(([label]) => this.lines[label].receiver.track);
    const detail = { audio, camera, screen, others };
    this.dispatchEvent(new CustomEvent("tracks", { detail }));
    if (!this.timer) this.watchedAt = performance.now();
    this.timer ||= setInterval(() => this.#watch(), BEAT_EVERY);
    await peer.setLocalDescription();
    if (peer !== this.peer) return;
    this.number += 1;
    this.link.send({ type: "offer", sdp: peer.localDescription?.sdp, number: this.number, generation: this.generation });
  }

  /** Make room for one more person's sound and pictures. @param {RTCPeerConnection} peer */
  #receive(peer) {
    const [audio, camera, screen] = LINES.map(([, kind]) => {
      const line = peer.addTransceiver(kind, { direction: "recvonly" });
      prefer(line, kind);
      return line.receiver.track;
    });
    return { audio, camera, screen };
  }

  /** Take the server's answer. @param {{sdp: string, number: number}} answer */
  async answered({ sdp, number }) {
    if (number === this.number && this.peer?.signalingState === "have-local-offer") {
      await this.peer.setRemoteDescription({ type: "answer", sdp }).catch(() => this.#lose());
    }
  }

  /** The line to the server is back: go on with what it still has, or begin anew. @param {number} generation */
  resume(generation) {
    if (!this.peer || generation !== this.generation || this.isLost) this.start();
  }

  /** End for good. */
  close() {
    clearInterval(this.timer);
    this.timer = 0;
    this.isLost = false;
    this.#hangUp();
  }

  /** @returns {Promise<RTCStatsReport | undefined>} */
  async stats() {
    return this.peer?.getStats();
  }

  #hangUp() {
    const old = this.peer;
    this.peer = this.beats = null;
    old?.close();
  }

  /** Hand the own tracks to the lines; a camera that is off sends nothing at all. */
  #send() {
    if (!this.peer) return;
    this.lines.audio.sender.replaceTrack(this.media.tracks.microphone).catch(() => {});
    this.lines.camera.sender.replaceTrack(this.media.tracks.camera).catch(() => {});
  }

  /** @param {RTCPeerConnection} peer @param {RTCDataChannel} channel */
  #listen(peer, channel) {
    this.beats = channel;
    channel.addEventListener("message", (event) => {
      if (peer !== this.peer) return;
      this.beatAt = performance.now();
      if (this.isLost) this.#found();
      this.dispatchEvent(new CustomEvent("beat", { detail: { roundTrip: this.beatAt - Number(event.data) } }));
    });
  }

  /** @param {RTCPeerConnection} peer */
  #stateOf(peer) {
    if (peer !== this.peer) return;
    if (peer.connectionState === "connected") {
      this.beatAt = performance.now();
      this.#found();
    } else if (peer.connectionState === "failed") this.#lose();
  }

  #watch() {
    const now = performance.now();
    const late = now - this.watchedAt - 2 * BEAT_EVERY;
    this.watchedAt = now;
    if (!this.peer) return;
    // A page that was held up itself heard nothing for that long; the path may be fine.
    if (late > 0) this.beatAt = Math.min(now, this.beatAt + late);
    if (this.beats?.readyState === "open") this.beats.send(String(now));
    const connected = this.peer.connectionState === "connected";
    const limit = connected ? DEAD_AFTER : this.peer.signalingState === "have-local-offer" ? ANSWER_WITHIN : CONNECT_WITHIN;
    if (now - (connected ? this.beatAt : this.startedAt) > limit) this.#lose();
  }

  /** The path is dead: say so once, and try a new one while the line to the server stands. */
  #lose() {
    if (!this.isLost) {
      this.isLost = true;
      this.dispatchEvent(new Event("lost"));
    }
    if (!this.link.isOpen || performance.now() - this.startedAt < DEAD_AFTER) return;
    if (this.peer?.signalingState === "have-local-offer") this.link.renew();
    else this.start();
  }

  #found() {
    this.isLost = false;
    this.dispatchEvent(new Event("connected"));
  }
}
