// @ts-check
// Everything people do with each other in the room, put together: one place that knows which part needs which.

import { Board } from "./board.js";
import { Captions } from "./captions.js";
import { Chat } from "./chat.js";
import { flip } from "./controls.js";
import { all, byId } from "./dom.js";
import { Files } from "./files.js";
import { wireFloat } from "./float.js";
import { Hands } from "./hands.js";
import { Keys } from "./keys.js";
import { More, showDone, wireDo } from "./more.js";
import { People } from "./people.js";
import { wireEmergency } from "./safety.js";
import { wireScreen } from "./screen.js";
import { Side } from "./side.js";
import { wireSpeaking } from "./speaking.js";

/**
 * @param {{
 *   channel: import("./channel.js").Channel, clock: import("./clock.js").Clock, connection: import("./connection.js").Connection,
 *   leave: () => void, link: import("./link.js").Link, media: import("./media.js").Media,
 *   roster: import("./roster.js").Roster, stage: import("./stage.js").Stage,
 * }} room
 * @returns {{chat: Chat}}
 */
export function wireTalking({ channel, clock, connection, leave, link, media, roster, stage }) {
  const side = new Side((part) => part === "chat" && chat.read());
  const chat = new Chat(channel, roster, { isShown: () => side.part === "chat", clock: (at) => clock.format.format(at) });
  new Files(channel, chat, roster);
  const hands = new Hands(channel, roster);
  hands.addEventListener("change", () => stage.seats.forEach((seat) => seat.hand(hands.up.has(seat.person))));
  const board = new Board(channel, roster, stage.layout);
  const captions = new Captions(channel, roster, media);
  new People(roster, hands, stage.layout, link);
  wireSpeaking(connection, stage);
  media.addEventListener("close", () => {
    hands.turn(false);
    if (captions.isOn) captions.turn();
    if (board.isOpen) board.show(false);
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {});
  });
  const more = new More();
  const turnView = () => stage.layout.turn();
  wireDo("view", turnView);
  stage.layout.addEventListener("change", () => showDone("view", stage.layout.view === "grid"));
  showDone("view", stage.layout.view === "grid");
  new Keys([
    { key: "m", words: "Microphone on or off", act: () => flip(media, "microphone") },
    { key: "v", words: "Camera on or off", act: () => flip(media, "camera") },
    { key: "c", words: "Chat", act: () => side.toggle("chat") },
    ...(all('[data-side="note"]').length ? [{ key: "n", words: "Note", act: () => side.toggle("note") }] : []),
    { key: "u", words: "People", act: () => side.toggle("people") },
    { key: "h", words: "Raise or lower your hand", act: () => hands.turn() },
    { key: "s", words: "Share your screen, or stop", act: wireScreen(media) },
    { key: "w", words: "Whiteboard", act: () => board.turn() },
    { key: "t", words: "Captions", act: () => captions.turn() },
    { key: "g", words: "Everybody the same size, or whoever speaks large", act: turnView },
    { key: "p", words: "Picture in a small window", act: wireFloat(media, leave) },
    ...(byId("emergency") ? [{ key: "e", words: "Emergency panel", act: wireEmergency() }] : []),
    { key: "o", words: "More controls", act: () => more.show(true) },
    { key: "d", words: "Devices and picture", act: () => byId("devices").showModal() },
  ]);
  return { chat };
}
