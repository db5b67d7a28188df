// @ts-check
// Who came and went, aloud and in the chat.

import { announce } from "./dom.js";

/** Somebody else in the room. @typedef {{person: string, name: string, here: boolean}} Other */

/** @param {Other[]} before @param {Other[]} now @param {(words: string) => void} note writes it into the chat */
export function tellComings(before, now, note) {
  for (const is of now) {
    const was = before.find((each) => each.person === is.person);
    if (!was) note(`${is.name} came in`), announce(`${is.name} came in`);
    else if (was.here && !is.here) announce(`${is.name}’s connection was interrupted`);
    else if (!was.here && is.here) announce(`${is.name} is back`);
  }
  for (const was of before) {
    if (!now.some((each) => each.person === was.person)) note(`${was.name} left`), announce(`${was.name} left`);
  }
}
