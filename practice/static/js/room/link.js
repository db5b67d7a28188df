// @ts-check
// The WebSocket to the media server: a fresh token for each connection, back by itself when the line drops.

import { pause } from "./dom.js";

const PING_EVERY = 2000;
const SILENT_FOR = 5000;
const PROBE_WITHIN = 500;
const TOKEN_WITHIN = [700, 1500, 5000];
const TOKEN_LASTS = 3000;
const OPEN_WITHIN = [1500, 4000, 8000];
/** After how many tries the pauses grow, and the least of each pause in ms; the most is twice that. */
const PAUSES = /** @type {const} */ ([[50, 150], [100, 500], [Infinity, 1500]]);

/** The way in that the web gave. @typedef {{token: string, url: string, ice_servers: RTCIceServer[], at: number}} Entry */

/** Emits "up", "down", "refused" {code, words}, and "message" with what the server said. */
export class Link extends EventTarget {
  /** @param {string} tokenUrl @param {string} csrf */
  constructor(tokenUrl, csrf) {
    super();
    this.tokenUrl = tokenUrl;
    this.csrf = csrf;
    /** @type {RTCIceServer[]} */
    this.iceServers = [];
    /** A way in that no server has seen yet. @type {Entry | null} */
    this.entry = null;
    /** A media server's address that did not answer: the web then looks for another. */
    this.unreachable = "";
    /** @type {WebSocket | null} */
    this.socket = null;
    this.isOpen = false;
    this.wanted = false;
    this.isProbing = false;
    this.tries = 0;
    this.heardAt = 0;
    this.timer = 0;
    /** What was pressed while the line was down, each once. @type {Map<string, object>} */
    this.orders = new Map();
    /** Ends the pause before the next try. */
    this.hasten = () => {};
  }

  /** Connect, and stay connected until `close`. */
  open() {
    if (this.wanted) return;
    this.wanted = true;
    this.tries = 0;
    this.timer = setInterval(() => this.#ping(), PING_EVERY);
    this.#connect();
  }

  /** Tells whether the line was open to send it. @param {object} message */
  send(message) {
    if (!this.isOpen || !this.socket) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Send what somebody pressed, at the latest when the line is back: they were told that it is done. @param {object} message */
  order(message) {
    if (!this.send(message)) this.orders.set(JSON.stringify(message), message);
  }

  /** Hang up for good. */
  close() {
    this.wanted = false;
    this.orders.clear();
    this.isOpen = false;
    this.entry = null;
    clearInterval(this.timer);
    this.hasten();
    this.socket?.close();
    this.socket = null;
  }

  /** Drop the line and take it up again, for when it looks alive and is not. */
  renew() {
    if (this.socket) this.#dropped(this.socket);
  }

  /** See whether the line is alive, and take it up again if it is not. */
  async probe() {
    if (!this.isOpen || this.isProbing) return;
    this.isProbing = true;
    const socket = this.socket;
    const askedAt = performance.now();
    this.#ask();
    await pause(PROBE_WITHIN);
    await pause(0); // what came while the page was busy is heard first
    this.isProbing = false;
    if (socket === this.socket && this.heardAt < askedAt) this.renew();
  }

  /** Something changed for the better, perhaps: do not wait for the next try. */
  hurry() {
    if (this.isOpen) this.probe();
    else this.hasten();
  }

  async #connect() {
    const entry = await this.#enter();
    if (!entry || !this.wanted) return;
    this.iceServers = entry.ice_servers;
    const socket = new WebSocket(entry.url);
    this.socket = socket;
    setTimeout(() => socket.readyState === WebSocket.CONNECTING && this.#dropped(socket), patience(OPEN_WITHIN, this.tries));
    let wasOpen = false;
    socket.addEventListener("open", () => {
      wasOpen = true;
      this.entry = null;
      this.unreachable = "";
      socket.send(JSON.stringify({ type: "join", token: entry.token }));
    });
    socket.addEventListener("message", (event) => this.#heard(socket, JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      if (!wasOpen) this.unreachable = entry.url;
      this.#dropped(socket);
    });
  }

  /** @returns {Promise<Entry | null>} */
  async #enter() {
    if (this.entry && performance.now() - this.entry.at < TOKEN_LASTS) return this.entry;
    try {
      const headers = { "X-CSRFToken": this.csrf, Accept: "application/json" };
      const signal = AbortSignal.timeout(patience(TOKEN_WITHIN, this.tries));
      const body = new URLSearchParams(this.unreachable ? { unreachable: this.unreachable } : {});
      const answer = await fetch(this.tokenUrl, { method: "POST", headers, body, signal });
      if (answer.ok) return (this.entry = { ...(await answer.json()), at: performance.now() });
      if (answer.status === 409) this.#refused(await answer.json());
      else if (answer.status < 500) this.#refused({ code: "signed-out", words: "You are signed out. Sign in again to go back in." });
      else this.#later();
    } catch {
      this.#later();
    }
    return null;
  }

  /** @param {WebSocket} socket @param {any} message */
  #heard(socket, message) {
    if (socket !== this.socket) return;
    this.heardAt = performance.now();
    if (message.type === "refused") {
      // A token that came too late or twice is no reason to give up: the next one is fresh.
      if (message.code === "token" && this.tries < 3) return this.#dropped(socket);
      return this.#refused(message);
    }
    // The server is about to stop: another one takes over, and what is shown stays until it carries.
    if (message.type === "relocate") return this.renew();
    if (!this.isOpen) {
      this.isOpen = true;
      this.tries = 0;
      this.dispatchEvent(new Event("up"));
      const orders = [...this.orders.values()];
      this.orders.clear();
      for (const message of orders) this.order(message);
    }
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** @param {WebSocket} socket */
  #dropped(socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    socket.close();
    const wasOpen = this.isOpen;
    this.isOpen = false;
    if (!this.wanted) return;
    if (wasOpen) this.dispatchEvent(new Event("down"));
    this.#later(wasOpen);
  }

  /** @param {boolean} [atOnce] whether there is nothing to wait for */
  async #later(atOnce = false) {
    this.tries += 1;
    const [, least] = PAUSES.find(([most]) => this.tries <= most) ?? PAUSES[2];
    const over = new Promise((done) => (this.hasten = () => done(null)));
    if (!atOnce) await Promise.race([pause(least + least * Math.random()), over]);
    if (this.wanted && !this.socket) this.#connect();
  }

  /** @param {{code: string, words: string}} refusal */
  #refused(refusal) {
    this.close();
    this.dispatchEvent(new CustomEvent("refused", { detail: refusal }));
  }

  #ping() {
    if (!this.isOpen) return;
    if (performance.now() - this.heardAt > SILENT_FOR) this.renew();
    else this.#ask();
  }

  #ask() {
    this.send({ type: "ping", stamp: Math.round(performance.now()) });
  }
}

/** The more often it was tried, the longer it may take. @param {number[]} limits @param {number} tries */
const patience = (limits, tries) => limits[Math.min(Math.floor(tries / 2), limits.length - 1)];
