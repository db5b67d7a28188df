// @ts-check
// The others in a session that several people share: small pictures in a row, below the large one.

import { byId } from "./dom.js";

/** One of the others: who sits on this slot, and their small picture. @typedef {{person: string, item: HTMLElement, video: HTMLVideoElement}} Tile */

export class Tiles {
  /** @param {import("./media.js").Media} media */
  constructor(media) {
    this.media = media;
    this.row = byId("tiles");
    /** @type {Tile[]} by slot, from the second on */
    this.tiles = [];
    byId("sound-on").addEventListener("click", () => this.tiles.forEach(play));
    media.addEventListener("change", () => this.tiles.forEach((tile) => this.#speaker(tile)));
  }

  /** Show a new connection's tracks. @param {{audio: MediaStreamTrack, camera: MediaStreamTrack}[]} others */
  show(others) {
    this.clear();
    this.tiles = others.map(({ audio, camera }) => {
      const item = byId("tile").content.firstElementChild.cloneNode(true);
      const video = item.querySelector("video");
      video.srcObject = new MediaStream([audio, camera]);
      this.row.append(item);
      return { person: "", item, video };
    });
    for (const tile of this.tiles) this.#speaker(tile);
  }

  /** Name whoever sits on each slot, and hide the slots that nobody sits on. @param {Record<string, string>} slots @param {any[]} people */
  seat(slots, people) {
    for (const [place, tile] of this.tiles.entries()) {
      const person = people.find((each) => each.person === slots[String(place + 1)]);
      tile.item.hidden = !person;
      if (!person) tile.person = "";
      if (!person) continue;
      const name = /** @type {HTMLElement} */ (tile.item.querySelector(".tile-name span"));
      name.textContent = person.name;
      tile.item.classList.toggle("tile-away", !person.camera || !person.here);
      /** @type {HTMLElement} */ (tile.item.querySelector(".stage-muted")).hidden = person.microphone;
      if (tile.person !== person.person) play(tile);
      tile.person = person.person;
    }
    this.row.hidden = this.tiles.every((tile) => tile.item.hidden);
  }

  /** End. */
  clear() {
    for (const tile of this.tiles) tile.video.srcObject = null;
    this.row.replaceChildren();
    this.tiles = [];
  }

  /** @param {Tile} tile */
  #speaker({ video }) {
    const speaker = this.media.chosen.speaker;
    if (speaker && "setSinkId" in video) video.setSinkId(speaker).catch(() => {});
  }
}

/** Play with sound, or silently until somebody presses for it. @param {Tile} tile */
async function play({ video }) {
  try {
    video.muted = false;
    await video.play();
  } catch (error) {
    if (/** @type {DOMException} */ (error).name !== "NotAllowedError") return;
    byId("sound-on").hidden = false;
    video.muted = true;
    video.play().catch(() => {});
  }
}
