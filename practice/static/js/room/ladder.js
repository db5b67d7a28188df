// @ts-check
// How much of the conversation a connection carries, from everything down to hardly a voice. Pure: one reading a second
// goes in. Down quickly, for sound comes first; up slowly, and more slowly each time it was too early.

/** Share of packets lost on the worse way, 0 to 1; round trip in ms; what the way out carries in kbit/s, if known. @typedef {{lost: number, trip: number, carries: number | null}} Reading */

export const SOUND_ONLY = 3;
export const LOWEST = 4;

/** Per rung: what it takes of the way out in kbit/s, the loss it bears, and after how many weak seconds it is left. */
const RUNGS = [
  { takes: 350, bears: 0.08, seconds: 4 },
  { takes: 160, bears: 0.1, seconds: 4 },
  { takes: 60, bears: 0.18, seconds: 6 },
  { takes: 0, bears: 0.4, seconds: 8 },
  { takes: 0, bears: 1, seconds: Infinity },
];
const LONGEST_TRIP = 1500;
const FINE_LOSS = 0.03;
const FINE_TRIP = 600;
const PATIENCE = 10;
const LONGEST_PATIENCE = 80;
const TOO_EARLY = 15;
const STEADY = 60;

export class Ladder {
  constructor() {
    /** 0 is everything, 1 and 2 are smaller pictures, 3 is sound only, 4 hardly that. */
    this.rung = 0;
    this.patience = PATIENCE;
    this.weak = 0;
    this.fine = 0;
    /** Seconds since the last step, and whether that was upwards. */
    this.since = 0;
    this.climbed = false;
  }

  /** Take in the last second; say where to stand. @param {Reading} reading @returns {number} the rung */
  note(reading) {
    this.since += 1;
    this.weak = isWeak(reading, this.rung) ? this.weak + 1 : Math.max(0, this.weak - 1);
    this.fine = reading.lost < FINE_LOSS && reading.trip < FINE_TRIP ? this.fine + 1 : 0;
    if (this.climbed && this.since > STEADY) this.patience = PATIENCE;
    if (this.weak >= RUNGS[this.rung].seconds) this.#step(1);
    else if (this.rung && this.fine >= this.patience) this.#step(-1);
    return this.rung;
  }

  /** @param {1 | -1} step */
  #step(step) {
    if (step > 0 && this.climbed && this.since < TOO_EARLY) this.patience = Math.min(LONGEST_PATIENCE, 2 * this.patience);
    this.rung += step;
    this.weak = this.fine = this.since = 0;
    this.climbed = step < 0;
  }
}

/** @param {Reading} reading @param {number} rung */
function isWeak({ lost, trip, carries }, rung) {
  const { takes, bears } = RUNGS[rung];
  return lost > bears || trip > LONGEST_TRIP || (carries !== null && carries < takes);
}
