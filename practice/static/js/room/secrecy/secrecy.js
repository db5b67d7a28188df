// @ts-check
// End-to-end encryption of the room: everybody agrees on keys with everybody, and only then is anything said.

import { Agreements } from "./agreement.js";
import { openKeyring } from "./keyring.js";

/** @typedef {import("./handshake.js").Agreed} Agreed */

export class Secrecy extends EventTarget {
  /** @param {import("../link.js").Link} link @param {import("../channel.js").Channel} channel @param {string} me */
  constructor(link, channel, me) {
    super();
    this.channel = channel;
    this.agreements = new Agreements(link, me, (person, agreed, isNewPage) => this.#agreed(person, agreed, isNewPage));
    this.me = me;
    /** Resolved when this page can agree on keys. */
    this.ready = this.#prepare();
  }

  /** Know who is in the room: the others, as the server describes them. @param {{person: string}[]} people */
  seat(people) {
    const others = people.map(({ person }) => person);
    this.channel.seat(others);
    this.agreements.seat(others);
  }

  /** Take in what another page passed to this one. @param {{person: string, kind: string, data: string}} passed */
  hear({ person, kind, data }) {
    if (kind === "keys") return this.agreements.hear(person, data);
    this.agreements.after(person, async () => {
      if (await this.channel.hear(person, data)) this.agreements.confirm(person);
    });
  }

  async #prepare() {
    this.keyring = await openKeyring(this.me);
    this.agreements.own = this.keyring.own;
  }

  /** @param {string} person @param {Agreed} agreed @param {boolean} isNewPage */
  async #agreed(person, agreed, isNewPage) {
    this.channel.open(person, agreed, isNewPage);
    this.channel.send("@hello", {}, { to: person });
  }
}
