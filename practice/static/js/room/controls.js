// @ts-check
// Microphone and camera switches wherever they stand, the device lists, and one's own picture.

import { all, announce, byId, toast } from "./dom.js";
import { canSoften } from "./soften.js";

const SAID = {
  camera: { on: "Your camera is on", off: "Your camera is off" },
  microphone: { on: "Your microphone is on", off: "You are muted" },
};

/** @param {import("./media.js").Media} media */
export function wireSwitches(media) {
  for (const button of all("[data-toggle]")) {
    const kind = /** @type {import("./media.js").Kind} */ (button.dataset.toggle);
    button.addEventListener("click", () => flip(media, kind));
  }
  media.addEventListener("change", () => show(media));
  media.addEventListener("devices", () => list(media));
  for (const select of all("[data-device]")) {
    select.addEventListener("change", () => {
      const kind = /** @type {import("./media.js").DeviceKind} */ (select.dataset.device);
      media.choose(kind, /** @type {HTMLSelectElement} */ (select).value);
    });
  }
  byId("soften").disabled = !canSoften;
  if (!canSoften) byId("soften-hint").textContent = "This browser cannot do that on the device. Current Chrome and Edge can.";
  wireSwitch("soften", media.softens, (on) => media.soften(on));
  wireSwitch("quieten", media.chosen.quieten !== "no", (on) => media.quieten(on));
  show(media);
}

/** A switch in the dialog of devices. @param {string} id @param {boolean} on @param {(on: boolean) => void} turn */
function wireSwitch(id, on, turn) {
  const box = /** @type {HTMLInputElement} */ (byId(id));
  box.checked = on;
  box.addEventListener("change", () => turn(box.checked));
}

/** @param {import("./media.js").Media} media @param {import("./media.js").Kind} kind */
export async function flip(media, kind) {
  await media.turn(kind, !media.on[kind]);
  announce(SAID[kind][media.on[kind] ? "on" : "off"]);
}

/** Tell of a camera or microphone that went away during the call. @param {string} words */
export function tellTrouble(words) {
  toast(words);
}

/** @param {import("./media.js").Media} media */
function show(media) {
  for (const button of all("[data-toggle]")) {
    const kind = /** @type {import("./media.js").Kind} */ (button.dataset.toggle);
    button.setAttribute("aria-pressed", String(!media.on[kind]));
  }
  const track = media.tracks.camera;
  for (const id of ["check-video", "waiting-video", "self-video"]) {
    const video = byId(id);
    const shown = video.srcObject?.getVideoTracks()[0] ?? null;
    if (shown !== track) video.srcObject = track ? new MediaStream([track]) : null;
    video.hidden = !track;
  }
  byId("self-off").hidden = Boolean(track);
  byId("check-empty").hidden = Boolean(track);
  if (!media.on.camera) byId("check-empty-text").textContent = "Your camera is off";
}

/** @param {import("./media.js").Media} media */
function list(media) {
  for (const select of /** @type {HTMLSelectElement[]} */ (all("[data-device]"))) {
    const kind = /** @type {import("./media.js").DeviceKind} */ (select.dataset.device);
    const devices = media.devices[kind];
    const options = devices.map((device, place) => new Option(device.label || `Device ${place + 1}`, device.deviceId));
    select.replaceChildren(...(options.length ? options : [new Option(kind === "speaker" ? "The usual one" : "None found", "")]));
    const active = kind === "speaker" ? media.chosen.speaker : media.raw[kind]?.getSettings().deviceId ?? media.chosen[kind];
    if (active && devices.some((device) => device.deviceId === active)) select.value = active;
    select.disabled = devices.length < 2;
    const field = /** @type {HTMLElement} */ (select.closest("[data-device-field]"));
    field.hidden = kind === "speaker" && !("setSinkId" in HTMLMediaElement.prototype);
  }
}
