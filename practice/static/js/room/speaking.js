// @ts-check
// Who speaks now: by the loudness that comes with the sound itself.

const EVERY = 200;
const LOUD = 0.02;
const HOLD = 1600;

/**
 * Mark whoever speaks, and tell the layout who has the word. A short word in between changes nothing.
 * @param {import("./connection.js").Connection} connection @param {import("./stage.js").Stage} stage
 */
export function wireSpeaking(connection, stage) {
  let since = 0;
  let candidate = "";
  setInterval(() => {
    const levels = stage.seats.map((seat) => (seat.person ? levelOf(connection, seat.tracks?.audio) : 0));
    stage.seats.forEach((seat, slot) => seat.element.classList.toggle("seat-speaking", levels[slot] > LOUD));
    const loudest = levels.indexOf(Math.max(...levels));
    if (levels[loudest] <= LOUD) return;
    const { person } = stage.seats[loudest];
    if (person !== candidate) [candidate, since] = [person, performance.now()];
    if (!stage.layout.speaker || performance.now() - since > HOLD) stage.layout.speaks(person);
  }, EVERY);
}

/** @param {import("./connection.js").Connection} connection @param {MediaStreamTrack | undefined} track @returns {number} 0 to 1 */
function levelOf(connection, track) {
  const receiver = track && connection.peer?.getReceivers().find((each) => each.track === track);
  return receiver?.getSynchronizationSources?.()[0]?.audioLevel ?? 0;
}
