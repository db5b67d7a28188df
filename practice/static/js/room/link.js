// @ts-check
// The WebSocket to the media server: a fresh token for each connection, back by itself when the line drops.

import { pause } from "./dom.js";

const PING_EVERY = 2000;
const SILENT_FOR = 5000;
const PATIENT_TRIES = 20;

/** Emits "up", "down", "refused" {code, words}, and "message" with what the server said. */
export class Link extends EventTarget {
  /** @param {string} tokenUrl @param {string} csrf */
  constructor(tokenUrl, csrf) {
    super();
    this.tokenUrl = tokenUrl;
    this.csrf = csrf;
    /** @type {RTCIceServer[]} */
    this.iceServers = [];
    /** @type {WebSocket | null} */
    this.socket = null;
    this.isOpen = false;
    this.wanted = false;
    this.tries = 0;
    this.heardAt = 0;
    this.timer = 0;
  }

  /** Connect, and stay connected until `close`. */
  open() {
    if (this.wanted) return;
    this.wanted = true;
    this.tries = 0;
    this.timer = setInterval(() => this.#ping(), PING_EVERY);
    this.#connect();
  }

  /** @param {object} message */
  send(message) {
    if (this.isOpen) this.socket?.send(JSON.stringify(message));
  }

  /** Hang up for good. */
  close() {
    this.wanted = false;
    this.isOpen = false;
    clearInterval(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  /** Drop the line and take it up again, for when it looks alive and is not. */
  renew() {
    this.#dropped(this.socket);
  }

  async #connect() {
    const entry = await this.#token();
    if (!entry || !this.wanted) return;
    this.iceServers = entry.ice_servers;
    const socket = new WebSocket(entry.url);
    this.socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "join", token: entry.token })));
    socket.addEventListener("message", (event) => this.#heard(socket, JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#dropped(socket));
  }

  /** @returns {Promise<{token: string, url: string, ice_servers: RTCIceServer[]} | null>} */
  async #token() {
    try {
      const answer = await fetch(this.tokenUrl, { method: "POST", headers: { "X-CSRFToken": this.csrf, Accept: "application/json" } });
      if (answer.ok) return await answer.json();
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
    if (!this.isOpen) {
      this.isOpen = true;
      this.tries = 0;
      this.dispatchEvent(new Event("up"));
    }
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /** @param {WebSocket | null} socket */
  #dropped(socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    socket?.close();
    const wasOpen = this.isOpen;
    this.isOpen = false;
    if (!this.wanted) return;
    if (wasOpen) this.dispatchEvent(new Event("down"));
    this.#later();
  }

  async #later() {
    this.tries += 1;
    await pause(this.tries <= PATIENT_TRIES ? 150 + 150 * Math.random() : 1500 + 1500 * Math.random());
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
    else this.send({ type: "ping", stamp: Math.round(performance.now()) });
  }
}
