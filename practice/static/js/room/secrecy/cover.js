// @ts-check
// Puts the worker between the page's lines and the wire, in every direction. A line that cannot be covered throws:
// the connection is not made, and nobody speaks in the clear.

import { pause } from "../dom.js";

const UNABLE =
  "This browser cannot encrypt a session from end to end, and here no session is held without that. Open this page in a current Chrome, Edge, Firefox or Safari, not inside another app, or agree to talk by phone.";
const NOT_LOADED = "The part of this page that encrypts did not load. Load the page again.";

const hasTransforms = "RTCRtpScriptTransform" in globalThis;
const hasStreams = "RTCRtpSender" in globalThis && "createEncodedStreams" in RTCRtpSender.prototype;

/** What a connection must be made with, where the browser knows only the older way. */
export const OPTIONS = hasTransforms ? {} : { encodedInsertableStreams: true };

export class Cover {
  constructor() {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    /** Resolved when frames can pass; rejected in words for the person. @type {Promise<void>} */
    this.ready = new Promise((ready, failed) => {
      if (!crypto.subtle || !(hasTransforms || hasStreams)) failed(new Error(UNABLE));
      this.worker.addEventListener("message", () => ready(), { once: true });
      this.worker.addEventListener("error", () => failed(new Error(NOT_LOADED)), { once: true });
    });
  }

  /** @param {RTCRtpTransceiver} line @param {import("./frames.js").Label} label @param {number} slot 0 sends and receives, the others receive */
  line(line, label, slot) {
    if (slot === 0) this.#put(line.sender, { way: "out", label, slot });
    this.#put(line.receiver, { way: "in", label, slot });
  }

  /** Tell the worker. @param {string} order @param {object} [rest] */
  tell(order, rest = {}) {
    this.worker.postMessage({ order, ...rest });
  }

  /**
   * Wait until the worker is gone: it answers no more, although the page had time to listen.
   * @param {{every?: number, patience?: number}} [how] in ms
   */
  async ended({ every = 5000, patience = 15_000 } = {}) {
    await this.ready;
    do await pause(every);
    while (await Promise.race([this.count().then(() => true), pause(patience).then(() => pause(0)).then(() => false)]));
  }

  /** How many frames passed and were dropped, by way, label and slot. @returns {Promise<Record<string, {passed: number, dropped: number}>>} */
  count() {
    const { port1, port2 } = new MessageChannel();
    return new Promise((done) => {
      port1.onmessage = ({ data }) => (port1.close(), done(data));
      this.worker.postMessage({ order: "count", port: port2 }, [port2]);
    });
  }

  /** @param {any} end @param {object} options */
  #put(end, options) {
    if (hasTransforms) {
      end.transform = new RTCRtpScriptTransform(this.worker, options);
      return;
    }
    const { readable, writable } = end.createEncodedStreams();
    this.worker.postMessage({ order: "pipe", readable, writable, options }, [readable, writable]);
  }
}
