// @ts-check
// Messages and files: sealed from page to page, shown while the page lives, kept nowhere.

import { announce, byId, toast } from "./dom.js";

const LONGEST = 2000;
const SLOW = 1500;

/** @param {string} text @returns {HTMLElement} */
function paragraph(text) {
  const words = document.createElement("p");
  words.textContent = text;
  return words;
}

export class Chat {
  /**
   * @param {import("./channel.js").Channel} channel @param {import("./roster.js").Roster} roster
   * @param {{isShown: () => boolean, clock: (at: number) => string}} ways whether the chat is on screen; how a time reads
   */
  constructor(channel, roster, { isShown, clock }) {
    this.clock = clock;
    this.channel = channel;
    this.roster = roster;
    this.isShown = isShown;
    this.unread = 0;
    this.list = byId("chat");
    this.text = byId("chat-text");
    byId("chat-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => this.#send(event));
    this.text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#send(event);
    });
    this.text.addEventListener("input", () => this.#grow());
    channel.addEventListener("chat", (event) => {
      const { from, body } = /** @type {CustomEvent} */ (event).detail;
      if (typeof body.text === "string") this.show(from, paragraph(body.text.slice(0, LONGEST)), body.text);
    });
  }

  /**
   * Show what somebody wrote or sent. @param {string} from a person, or nobody for oneself
   * @param {HTMLElement} content @param {string} words what it says, for whoever does not see it now
   * @returns {HTMLElement} the line below it, with its time
   */
  show(from, content, words) {
    const bubble = document.createElement("li");
    bubble.className = `bubble bubble-${from ? "theirs" : "mine"}`;
    const who = document.createElement("span");
    const isNamed = Boolean(from) && this.roster.others.length > 1;
    who.className = isNamed ? "bubble-who" : "visually-hidden";
    who.textContent = from ? `${this.roster.name(from)}${isNamed ? "" : ": "}` : "You: ";
    const time = document.createElement("time");
    const at = Date.now();
    time.dateTime = new Date(at).toISOString();
    time.textContent = this.clock(at);
    bubble.append(who, content, time);
    this.#add(bubble);
    if (from && !this.isShown()) this.#mark(this.roster.name(from), words);
    return time;
  }

  /** Put a quiet line between the messages. @param {string} words */
  note(words) {
    const line = document.createElement("li");
    line.className = "bubble-note";
    line.textContent = words;
    this.#add(line);
  }

  /** The chat is on screen now. */
  read() {
    this.unread = 0;
    byId("unread").hidden = true;
    byId("toast").hidden = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** @param {Event} event */
  #send(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    if (!this.roster.others.length) return toast("Not sent: nobody else is here yet. Your message stays here.");
    this.text.value = "";
    this.#grow();
    const time = this.show("", paragraph(text), text);
    const read = time.textContent;
    const later = setTimeout(() => (time.textContent = `${read} · on its way`), SLOW);
    this.channel.send("chat", { text }).then(() => {
      clearTimeout(later);
      time.textContent = read;
    });
  }

  /** @param {HTMLElement} item */
  #add(item) {
    this.list.append(item);
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** @param {string} name @param {string} text */
  #mark(name, text) {
    this.unread += 1;
    byId("unread").hidden = false;
    byId("unread").textContent = String(this.unread);
    toast(`${name}: ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`);
    announce(`Message from ${name}: ${text}`);
  }

  #grow() {
    this.text.style.blockSize = "auto";
    this.text.style.blockSize = `${Math.min(this.text.scrollHeight, 128)}px`;
  }
}
