// @ts-check
// The shield on the stage: how private the room is, the codes to compare, and the warnings that stop everything until
// somebody decides.

import { announce, byId, toast } from "../dom.js";
import { wordsOf } from "./code.js";

/** @typedef {import("./secrecy.js").Partner} Partner */
/** @typedef {{title: string, text: string, go: string, act: () => void}} Warning */

const STATES = {
  stopped: "Stopped",
  checked: "Being checked",
  agreeing: "Agreeing on keys",
  new: "Encrypted",
  known: "Encrypted and compared",
};

export class Shield {
  /** @param {import("./secrecy.js").Secrecy} secrecy */
  constructor(secrecy) {
    this.secrecy = secrecy;
    this.dialog = byId("secrecy");
    this.warning = byId("secrecy-warning");
    /** @type {Map<string, Warning>} what stands open, by what it is about */
    this.warnings = new Map();
    /** @type {Set<string>} what was decided already */
    this.decided = new Set();
    /** @type {Set<string>} who is asked about us on their side */
    this.asked = new Set();
    this.rows = "";
    secrecy.addEventListener("change", () => this.#show());
    secrecy.addEventListener("ghost", (event) => this.#ghost(/** @type {CustomEvent} */ (event).detail));
    byId("open-secrecy").addEventListener("click", () => this.open());
    byId("secrecy-go-on").addEventListener("click", () => this.#goOn());
    byId("secrecy-leave").addEventListener("click", () => this.warnings.clear());
    this.warning.addEventListener("cancel", (/** @type {Event} */ event) => event.preventDefault()); // only a decision closes it
    this.warning.addEventListener("close", () => this.warnings.size && this.#warn()); // some browsers close it at a second Escape
    this.#show();
  }

  /** Show the codes. */
  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  #show() {
    const partners = [...this.secrecy.partners.values()];
    const state = stateOf(partners);
    byId("open-secrecy").hidden = !partners.length;
    byId("open-secrecy").dataset.state = state;
    byId("secrecy-state").textContent = STATES[state];
    if (!partners.length) this.dialog.close();
    const rows = JSON.stringify(partners.map(({ name, trust, isOpen, isHeld, agreed }) => [name, trust, isOpen, isHeld, agreed?.code]));
    if (rows !== this.rows) byId("secrecy-people").replaceChildren(...partners.map((partner) => this.#row(partner)));
    this.rows = rows;
    for (const partner of partners) this.#judge(partner), this.#told(partner);
    for (const about of this.warnings.keys()) if (about !== "ghost" && !partners.some((each) => aboutOf(each) === about)) this.warnings.delete(about);
    if (!partners.length) this.warnings.clear();
    this.#warn();
  }

  /** @param {Partner} partner @returns {HTMLElement} */
  #row(partner) {
    const row = byId("secrecy-row").content.firstElementChild.cloneNode(true);
    const code = partner.agreed ? wordsOf(partner.agreed.code) : [];
    row.querySelector("strong").textContent = partner.name;
    row.querySelector(".secrecy-said").textContent = saidOf(partner);
    const list = row.querySelector(".secrecy-code");
    list.setAttribute("aria-label", `The code with ${partner.name}`);
    list.replaceChildren(...code.map((word) => this.#symbol(word)));
    const isOpen = partner.isOpen && partner.trust === "new";
    row.querySelector(".secrecy-ask").textContent = isOpen ? `Ask ${partner.name} to open this window and read out the five words. Is it the same code?` : "";
    row.querySelector(".secrecy-choice").hidden = !isOpen;
    row.querySelector('[data-answer="match"]').addEventListener("click", () => this.#match(partner));
    row.querySelector('[data-answer="differ"]').addEventListener("click", () => this.secrecy.differ(partner.person));
    return row;
  }

  /** @param {string} word @returns {HTMLElement} */
  #symbol(word) {
    const item = document.createElement("li");
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.dialog.dataset.symbols}#${word}`);
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(use);
    item.append(drawing, word);
    return item;
  }

  /** @param {Partner} partner */
  async #match(partner) {
    await this.secrecy.match(partner.person);
    announce(`Compared. This browser remembers the key of ${partner.name}.`);
    this.dialog.querySelector("[value=done]").focus();
  }

  /** @param {Partner} partner */
  #judge(partner) {
    const { name, person } = partner;
    if (this.decided.has(aboutOf(partner))) return;
    if (partner.trust === "changed") {
      this.warnings.set(aboutOf(partner), {
        title: `This is not the key of ${name} that you compared`,
        text: `It may be ${name} on another device or in another browser, or after clearing this one. It may also be somebody who listens. Neither of you is seen or heard until you decide. If you go on, compare the code before you say anything that matters.`,
        go: "Go on and compare",
        act: () => (this.secrecy.goOn(person), this.open()),
      });
    } else if (partner.trust === "differs") {
      this.warnings.set(aboutOf(partner), {
        title: "Somebody may be listening",
        text: `Your codes differ, so nothing more goes to ${name} or comes from there. Leave, and reach them another way, by phone for example. Tell the practice what you saw.`,
        go: "Stay here without them",
        act: () => {},
      });
    }
  }

  /** Say once that the other side has to decide. @param {Partner} partner */
  #told({ name, person, isHeld }) {
    if (!isHeld) return void this.asked.delete(person);
    if (this.asked.has(person)) return;
    this.asked.add(person);
    const words = `${name} is asked whether it is really you. One moment.`;
    toast(words);
    announce(words);
  }

  /** @param {{by: string, person: string}} ghost */
  #ghost({ by, person }) {
    this.secrecy.stop();
    this.warnings.set("ghost", {
      title: "Somebody may be there whom you cannot see",
      text: `${by} also speaks with ${person ? `${person} under a key that is not theirs here` : "somebody whom this page does not show"}. Your sound and picture are stopped. Ask who else is there.`,
      go: "Go on anyway",
      act: () => this.secrecy.resume(),
    });
    this.#warn();
  }

  /** Show what has to be decided first, one thing after the other. */
  #warn() {
    const [[about, { title, text, go }] = ["", { title: "", text: "", go: "" }]] = this.warnings;
    if (!about) return this.warning.close();
    byId("secrecy-warning-title").textContent = title;
    byId("secrecy-warning-text").textContent = text;
    byId("secrecy-go-on").textContent = go;
    if (this.warning.open) return;
    this.dialog.close();
    this.warning.showModal();
    byId("secrecy-leave").focus();
  }

  #goOn() {
    const [first] = this.warnings;
    if (!first) return;
    this.warning.close();
    this.warnings.delete(first[0]);
    if (first[0].startsWith("differs")) this.decided.add(first[0]);
    first[1].act();
    this.#warn();
  }
}

/** @param {Partner[]} partners @returns {keyof typeof STATES} the worst there is */
function stateOf(partners) {
  if (partners.some(({ trust }) => trust === "changed" || trust === "differs")) return "stopped";
  if (partners.some(({ isHeld }) => isHeld)) return "checked";
  if (partners.some(({ isOpen }) => !isOpen)) return "agreeing";
  return partners.every(({ trust }) => trust === "known") ? "known" : "new";
}

/** @param {Partner} partner */
const aboutOf = ({ person, trust }) => `${trust} ${person}`;

/** @param {Partner} partner */
function saidOf({ trust, isHeld }) {
  if (isHeld) return "is being asked whether it is you";
  return { agreeing: "agreeing on keys", new: "not compared yet", known: "compared: this browser knows the key", changed: "stopped: another key than before", differs: "stopped: the codes differ" }[trust];
}
