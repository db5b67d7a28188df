// @ts-check
// The list of people: who is muted, whose hand is up, who shares; and for whoever leads, muting and showing out.

import { announce, byId } from "./dom.js";

/** @typedef {import("./roster.js").Occupant} Occupant */

export class People {
  /**
   * @param {import("./roster.js").Roster} roster @param {import("./hands.js").Hands} hands
   * @param {import("./layout.js").Layout} layout @param {import("./link.js").Link} link
   */
  constructor(roster, hands, layout, link) {
    this.roster = roster;
    this.hands = hands;
    this.layout = layout;
    this.link = link;
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    this.leaving = "";
    byId("mute-all").addEventListener("click", () => this.#hush(""));
    byId("remove").addEventListener("close", () => this.#answered());
    for (const source of [roster, hands, layout]) source.addEventListener("change", () => this.show());
  }

  /** Write the list. */
  show() {
    const { others } = this.roster;
    for (const [person, row] of this.rows) {
      if (!this.roster.find(person)) row.remove(), this.rows.delete(person);
    }
    for (const each of others) this.#fill(this.rows.get(each.person) ?? this.#row(each.person), each);
    byId("people-none").hidden = others.length > 0;
    byId("mute-all").hidden = !this.roster.may("moderate") || others.length < 2 || !others.some((each) => each.microphone);
  }

  /** @param {string} person @returns {HTMLElement} */
  #row(person) {
    const row = byId("person-row").content.firstElementChild.cloneNode(true);
    const acts = { pin: () => this.layout.pin(person), hush: () => this.#hush(person), lower: () => this.hands.lower(person), remove: () => this.#ask(person) };
    for (const [name, act] of Object.entries(acts)) row.querySelector(`[data-act="${name}"]`).addEventListener("click", act);
    this.rows.set(person, row);
    byId("people").append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {Occupant} who */
  #fill(row, who) {
    const leads = this.roster.may("moderate");
    const up = this.hands.up.has(who.person);
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (row.querySelector(selector));
    part(".person-name").textContent = who.name;
    part(".person-state").textContent = stateOf(who, up);
    /** @type {[string, boolean, string][]} */
    const buttons = [
      ["pin", this.roster.others.length > 1, this.layout.pinned === who.person ? "Let go" : "Keep large"],
      ["lower", leads && up, "Take hand down"],
      ["hush", leads && who.microphone, "Mute"],
      ["remove", leads, "Show out"],
    ];
    for (const [act, shown, words] of buttons) {
      const button = part(`[data-act="${act}"]`);
      button.hidden = !shown;
      part(`[data-act="${act}"] .person-act`).textContent = words;
      button.setAttribute("aria-label", `${words}: ${who.name}`);
    }
    part('[data-act="pin"]').setAttribute("aria-pressed", String(this.layout.pinned === who.person));
  }

  /** @param {string} person one, or nobody for all */
  #hush(person) {
    this.link.order({ type: "hush", person });
    announce(person ? `${this.roster.name(person)} is asked to be muted` : "Everybody else is muted");
  }

  /** @param {string} person */
  #ask(person) {
    this.leaving = person;
    byId("remove-title").textContent = `Show ${this.roster.name(person)} out?`;
    byId("remove").showModal();
  }

  #answered() {
    if (byId("remove").returnValue === "remove") this.link.order({ type: "remove", person: this.leaving });
    byId("remove").returnValue = "";
  }
}

/** @param {Occupant} who @param {boolean} up @returns {string} */
function stateOf(who, up) {
  const said = [];
  if (!who.here) said.push("connection interrupted");
  if (up) said.push("hand raised");
  if (!who.microphone) said.push("muted");
  if (!who.camera) said.push("camera off");
  if (who.screen) said.push("shares a screen");
  return said.length ? said.join(", ") : "microphone and camera on";
}
