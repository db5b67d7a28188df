// @ts-check
// Messages: shown while the page lives, kept nowhere.

import { announce, byId, toast } from "./dom.js";

export class Chat {
  /**
   * @param {import("./link.js").Link} link @param {string} me
   * @param {{isShown: () => boolean, clock: (at: number) => string}} ways whether the chat is on screen; how a time reads
   */
  constructor(link, me, { isShown, clock }) {
    this.clock = clock;
    this.link = link;
    this.me = me;
    this.isShown = isShown;
    this.unread = 0;
    this.list = byId("chat");
    this.text = byId("chat-text");
    byId("chat-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => this.#send(event));
    this.text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#send(event);
    });
    this.text.addEventListener("input", () => this.#grow());
  }

  /** Show what somebody wrote. @param {{person: string, name: string, text: string, at: number}} said */
  said({ person, name, text, at }) {
    const mine = person === this.me;
    const bubble = document.createElement("li");
    bubble.className = `bubble bubble-${mine ? "mine" : "theirs"}`;
    const who = document.createElement("span");
    who.className = "visually-hidden";
    who.textContent = mine ? "You: " : `${name}: `;
    const words = document.createElement("p");
    words.textContent = text;
    const time = document.createElement("time");
    time.dateTime = new Date(at).toISOString();
    time.textContent = this.clock(at);
    bubble.append(who, words, time);
    this.#add(bubble);
    if (!mine && !this.isShown()) this.#mark(name, text);
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
    if (!this.link.isOpen) return toast("Not sent: the line is down. Your message stays here.");
    this.link.send({ type: "say", text });
    this.text.value = "";
    this.#grow();
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
