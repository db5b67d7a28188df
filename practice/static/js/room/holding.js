// @ts-check
// What to do when the connection grows weak: measure, send less, tell everybody, and at last name the phone.

import { Cushion } from "./cushion.js";
import { all, announce, byId } from "./dom.js";
import { Ladder, LOWEST, SOUND_ONLY } from "./ladder.js";

const EVERY = 1000;
const WARM_AFTER = 5000;
const GIVE_A_NUMBER_AFTER = 12000;

/** What the camera sends on each rung that has pictures. */
const PICTURES = [
  { maxBitrate: 2_500_000, scaleResolutionDownBy: 1, maxFramerate: 30 },
  { maxBitrate: 450_000, scaleResolutionDownBy: 2, maxFramerate: 20 },
  { maxBitrate: 130_000, scaleResolutionDownBy: 4, maxFramerate: 12 },
];

/** One's own words on each rung, and the words about somebody else. */
const OWN = ["", "", "Your connection is weak: the picture is small for now.", "Your connection is weak: only sound for now. The picture comes back by itself.", "Your connection hardly carries sound. You can write, or phone."];
const THEIRS = ["", "", "connection is weak: the picture is small for now.", "connection is weak: only sound for now. The picture comes back by itself.", "connection hardly carries sound. You can write, or phone."];
const NONE = "There has been no connection for a while. It is still being tried; meanwhile you can phone.";

/** The last second. @typedef {import("./ladder.js").Reading & import("./cushion.js").Weather} Last */
/** Totals since the connection began. @typedef {{received: number, missing: number, lostOut: number, trip: number, carries: number | null}} Totals */

export class Holding {
  /** @param {import("./link.js").Link} link @param {import("./connection.js").Connection} connection @param {import("./secrecy/cover.js").Cover} cover */
  constructor(link, connection, cover) {
    this.link = link;
    this.connection = connection;
    this.cover = cover;
    this.ladder = new Ladder();
    this.cushion = new Cushion();
    /** @type {any[]} */
    this.others = [];
    /** @type {Totals | null} */
    this.before = null;
    this.lostAt = 0;
    this.said = "";
    connection.addEventListener("tracks", () => (this.before = null));
    connection.addEventListener("lost", () => (this.lostAt ||= performance.now()));
    connection.addEventListener("connected", () => (this.lostAt = 0));
    link.addEventListener("up", () => this.#report());
    byId("weak-write").addEventListener("click", () => byId("chat-text").checkVisibility() || all('.room-bar [data-side="chat"]')[0]?.click());
    setInterval(() => this.#measure(), EVERY);
  }

  /** Take in who else is there, and how they fare. @param {any[]} others */
  show(others) {
    this.others = others;
    this.#tell();
  }

  async #measure() {
    const path = this.connection.shown;
    if (path?.upAt && performance.now() - path.upAt > WARM_AFTER && !this.connection.isLost) {
      const now = await totals(path.peer);
      const before = this.before;
      this.before = now;
      if (before && path === this.connection.shown) this.#act(reading(before, now), path.lostToOthers);
    }
    if (path) this.#tell();
  }

  /** @param {Last} last @param {number} lostToOthers */
  #act(last, lostToOthers) {
    const { copies } = this.cushion;
    this.cushion.note({ ...last, lostOut: Math.max(last.lostOut, lostToOthers) });
    if (this.cushion.copies !== copies) this.cover.tell("spare", { copies: this.cushion.copies });
    this.connection.cushion(this.cushion.wait);
    this.#stand(this.ladder.note(last));
  }

  /** @param {number} rung */
  #stand(rung) {
    if (rung === this.connection.rung) return;
    this.connection.ration(rung, PICTURES[Math.min(rung, PICTURES.length - 1)], rung < SOUND_ONLY);
    this.#report();
  }

  #report() {
    this.link.send({ type: "rung", rung: this.connection.rung });
  }

  #tell() {
    const isLong = this.lostAt > 0 && performance.now() - this.lostAt > GIVE_A_NUMBER_AFTER;
    const rung = this.connection.rung;
    const weakest = this.others.toSorted((one, two) => two.rung - one.rung)[0];
    const words = isLong ? NONE : OWN[rung] || (weakest && THEIRS[weakest.rung] && `${weakest.name}’s ${THEIRS[weakest.rung]}`) || "";
    if (words === this.said) return;
    this.said = words;
    const needsHelp = isLong || Math.max(rung, weakest?.rung ?? 0) >= LOWEST;
    byId("weak").hidden = !words;
    byId("weak-words").textContent = words;
    byId("weak-write").hidden = !needsHelp || isLong;
    const phone = document.getElementById("weak-phone");
    if (phone) phone.hidden = !needsHelp;
    if (words) announce(words);
  }
}

/** @param {RTCPeerConnection} peer @returns {Promise<Totals>} */
async function totals(peer) {
  /** @type {Totals} */
  const sum = { received: 0, missing: 0, lostOut: 0, trip: 0, carries: null };
  for (const report of (await peer.getStats()).values()) {
    if (report.type === "inbound-rtp") {
      sum.received += report.packetsReceived ?? 0;
      sum.missing += Math.max(0, report.packetsLost ?? 0);
    } else if (report.type === "remote-inbound-rtp") {
      sum.lostOut = Math.max(sum.lostOut, report.fractionLost ?? 0);
      sum.trip = Math.max(sum.trip, 1000 * (report.roundTripTime ?? 0));
    } else if (report.type === "candidate-pair" && report.nominated && report.availableOutgoingBitrate) {
      sum.carries = report.availableOutgoingBitrate / 1000;
    }
  }
  return sum;
}

/** @param {Totals} before @param {Totals} now @returns {Last} */
function reading(before, now) {
  const received = now.received - before.received;
  const missing = Math.max(0, now.missing - before.missing);
  const lostIn = received + missing > 20 ? missing / (received + missing) : 0;
  return { lost: Math.max(lostIn, now.lostOut), lostIn, lostOut: now.lostOut, trip: now.trip, carries: now.carries };
}
