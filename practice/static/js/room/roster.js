// @ts-check
// Who is in the room with us, by the server's last word. Emits "change".

/** One of the others. @typedef {{person: string, name: string, role: string, here: boolean, microphone: boolean, camera: boolean, screen: boolean}} Occupant */

export class Roster extends EventTarget {
  /** @param {string} me */
  constructor(me) {
    super();
    this.me = me;
    /** @type {Occupant[]} */
    this.others = [];
    /** What we may do. @type {string[]} */
    this.powers = [];
  }

  /** @param {{people: Occupant[], powers: string[]}} view */
  set({ people, powers }) {
    this.others = people.filter((each) => each.person !== this.me);
    this.powers = powers;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} power */
  may(power) {
    return this.powers.includes(power);
  }

  /** @param {string} person @returns {Occupant | undefined} */
  find(person) {
    return this.others.find((each) => each.person === person);
  }

  /** @param {string} person @returns {string} */
  name(person) {
    return this.find(person)?.name ?? "Somebody";
  }
}
