// Pages that speak with each other through a server made of a few lines, which may lose, change and listen.

import { Channel } from "../../../practice/static/js/room/channel.js";
import { Secrecy } from "../../../practice/static/js/room/secrecy/secrecy.js";

export class Server {
  constructor() {
    this.pages = new Map();
    this.heard = [];
    this.between = (from, to, message) => message;
  }

  carry(from, message) {
    if (message.type !== "pass") return;
    for (const [person, page] of this.pages) {
      if (person === from || (message.to && message.to !== person)) continue;
      const passed = this.between(from, person, { type: "passed", person: from, kind: message.kind, data: message.data });
      if (!passed) continue;
      this.heard.push(passed);
      setTimeout(() => page.link.isOpen && page.secrecy.hear(passed));
    }
  }

  async enter(person, keyring) {
    const link = Object.assign(new EventTarget(), { isOpen: true, send: (message) => link.isOpen && this.carry(person, message) });
    const channel = new Channel(link);
    const told = [];
    const cover = { ready: Promise.resolve(), options: {}, tell: (order, rest) => told.push({ order, ...rest }) };
    const secrecy = new Secrecy(link, channel, person, { cover, patience: 200 });
    await secrecy.ready;
    if (keyring) secrecy.keyring = keyring, (secrecy.agreements.own = keyring.own);
    const page = { person, link, channel, secrecy, told };
    this.pages.set(person, page);
    this.show();
    return page;
  }

  leave(person) {
    this.pages.get(person)?.secrecy.seat([]);
    this.pages.delete(person);
    this.show();
  }

  /** Tell everybody who is there; what `lie` says instead for one of them. */
  show(lie = {}) {
    const people = [...this.pages.keys()].map((person) => ({ person, name: person, here: true }));
    for (const page of this.pages.values()) page.secrecy.seat((lie[page.person] ?? people).filter((each) => each.person !== page.person));
  }
}

export const next = (target, kind) => new Promise((done) => target.addEventListener(kind, (event) => done(event.detail), { once: true }));
