// @ts-check
// The path to the media server, tested with packets of the call's own kind: how many come back, and how soon.

const PACKETS = 100;
const EVERY = 20;
const BYTES = 600;
const STRAGGLERS = 700;
const CONNECT_WITHIN = 20000;

/** What came of it; round trip and wavering in ms, loss in percent. @typedef {{loss: number, roundTrip: number, wavering: number, relayed: boolean}} Measured */
/** What stopped it. @typedef {"offline" | "web" | "door" | "path" | "busy"} Stop */

export class Stopped extends Error {
  /** @param {Stop} where */
  constructor(where) {
    super(where);
    this.where = where;
  }
}

/** Send packets there and back. @param {string} url gives the pass @param {string} csrf @param {AbortSignal} signal @returns {Promise<Measured>} */
export async function probe(url, csrf, signal) {
  if (!navigator.onLine) throw new Stopped("offline");
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf }, signal }).catch(() => null);
  if (!answer?.ok) throw new Stopped("web");
  const pass = await answer.json();
  const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: pass.ice_servers });
  for (const kind of ["audio", "video", "video"]) peer.addTransceiver(kind, { direction: "sendrecv" });
  const packets = peer.createDataChannel("probe", { ordered: false, maxRetransmits: 0 });
  await peer.setLocalDescription();
  const socket = new WebSocket(pass.url);
  try {
    const sdp = await answered(socket, { type: "probe", token: pass.token, sdp: peer.localDescription?.sdp }, signal);
    await peer.setRemoteDescription({ type: "answer", sdp });
    await opened(packets, signal);
    const trips = await sent(packets, signal);
    return { ...summed(trips), relayed: await isRelayed(peer) };
  } finally {
    socket.close();
    peer.close();
  }
}

/** @param {WebSocket} socket @param {object} first @param {AbortSignal} signal @returns {Promise<string>} the answer's SDP */
function answered(socket, first, signal) {
  return new Promise((done, stop) => {
    socket.addEventListener("open", () => socket.send(JSON.stringify(first)));
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "answer") done(message.sdp);
      else stop(new Stopped(message.code === "busy" ? "busy" : "door"));
    });
    socket.addEventListener("close", () => stop(new Stopped("door")));
    late(stop, "door", signal);
  });
}

/** @param {RTCDataChannel} packets @param {AbortSignal} signal @returns {Promise<void>} */
function opened(packets, signal) {
  return new Promise((done, stop) => {
    packets.addEventListener("open", () => done());
    packets.addEventListener("close", () => stop(new Stopped("path")));
    late(stop, "path", signal);
  });
}

/** @param {(error: Stopped) => void} stop @param {Stop} where @param {AbortSignal} signal */
function late(stop, where, signal) {
  setTimeout(() => stop(new Stopped(where)), CONNECT_WITHIN);
  signal.addEventListener("abort", () => stop(new Stopped(where)));
}

/** @param {RTCDataChannel} packets @param {AbortSignal} signal @returns {Promise<number[]>} the round trips of those that came back, in order of sending */
async function sent(packets, signal) {
  /** @type {Map<number, number>} */
  const trips = new Map();
  const left = new Float64Array(PACKETS);
  packets.binaryType = "arraybuffer";
  packets.addEventListener("message", (event) => {
    const number = new DataView(event.data).getUint32(0);
    if (number < PACKETS && !trips.has(number)) trips.set(number, performance.now() - left[number]);
  });
  const packet = new DataView(new ArrayBuffer(BYTES));
  for (let number = 0; number < PACKETS && packets.readyState === "open" && !signal.aborted; number += 1) {
    packet.setUint32(0, number);
    left[number] = performance.now();
    packets.send(packet.buffer);
    await new Promise((done) => setTimeout(done, EVERY));
  }
  await new Promise((done) => setTimeout(done, trips.size < PACKETS ? STRAGGLERS : 0));
  return [...trips].sort(([one], [other]) => one - other).map(([, trip]) => trip);
}

/** @param {number[]} trips @returns {{loss: number, roundTrip: number, wavering: number}} */
export function summed(trips) {
  if (!trips.length) throw new Stopped("path");
  const ordered = [...trips].sort((one, other) => one - other);
  const steps = trips.slice(1).map((trip, place) => Math.abs(trip - trips[place]));
  return {
    loss: Math.round((100 * (PACKETS - trips.length)) / PACKETS),
    roundTrip: Math.round(ordered[Math.floor(ordered.length / 2)]),
    wavering: Math.round(steps.reduce((sum, step) => sum + step, 0) / Math.max(1, steps.length)),
  };
}

/** @param {RTCPeerConnection} peer @returns {Promise<boolean>} whether the packets went by way of a relay */
async function isRelayed(peer) {
  const stats = [...(await peer.getStats()).values()];
  const pair = stats.find((each) => each.type === "candidate-pair" && each.nominated && each.state === "succeeded");
  return stats.find((each) => each.id === pair?.localCandidateId)?.candidateType === "relay";
}
