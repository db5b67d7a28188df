// @ts-check
// What keeps lost packets from being heard: while some are lost, each packet of sound carries two earlier frames in
// place of one, and sound waits a little before it is played, so that a copy still comes in time. Pure: one reading a
// second goes in.

const USUAL_COPIES = 1;
const MORE_COPIES = 2;
const WAIT = 100;
const LOSSY = 0.03;
const CALM = 0.01;
const CALM_SECONDS = 10;
/** Below this many kbit/s the way out has no room for more copies. */
const ROOM = 200;

/** Shares lost, 0 to 1, on the way to us and of what we send to whoever fares worst; kbit/s that the way out carries, if known. @typedef {{lostIn: number, lostOut: number, carries: number | null}} Weather */

/** Remembers a loss for a while: it comes in waves. */
class Wave {
  constructor() {
    this.isOn = false;
    this.calm = 0;
  }

  /** @param {number} lost @returns {boolean} whether to be careful now */
  note(lost) {
    this.calm = lost > CALM ? 0 : this.calm + 1;
    this.isOn = lost > LOSSY || (this.isOn && this.calm < CALM_SECONDS);
    return this.isOn;
  }
}

export class Cushion {
  constructor() {
    this.in = new Wave();
    this.out = new Wave();
    /** How many earlier frames each packet of sound carries. */
    this.copies = USUAL_COPIES;
    /** For how many milliseconds at least sound waits before it is played; 0 leaves it to the browser. */
    this.wait = 0;
  }

  /** Take in the last second. @param {Weather} weather */
  note({ lostIn, lostOut, carries }) {
    this.wait = this.in.note(lostIn) ? WAIT : 0;
    this.copies = this.out.note(lostOut) && (carries === null || carries > ROOM) ? MORE_COPIES : USUAL_COPIES;
  }
}
