// @ts-check
// The visit from the device check to the last word: one page, four stages, one state machine.

import { Admissions } from "./admit.js";
import { Arrival } from "./arrival.js";
import { Channel } from "./channel.js";
import { wireCheck } from "./check.js";
import { Clock } from "./clock.js";
import { tellComings } from "./comings.js";
import { Connection } from "./connection.js";
import { tellTrouble, wireSwitches } from "./controls.js";
import { all, announce, byId, toast } from "./dom.js";
import { farewell, mayReturn, wireRejoin } from "./endings.js";
import { wireGuests } from "./guests.js";
import { Holding } from "./holding.js";
import { wireNotes } from "./knock.js";
import { Link } from "./link.js";
import { Media } from "./media.js";
import { wireNetwork } from "./network.js";
import { Roster } from "./roster.js";
import { wireSafety } from "./safety.js";
import { Secrecy } from "./secrecy/secrecy.js";
import { Shield } from "./secrecy/shield.js";
import { wireSignal } from "./signal.js";
import { Stage } from "./stage.js";
import { wireTalking } from "./talking.js";
import { browserOf, explain } from "./trouble.js";
import { WaitingRoom } from "./waiting.js";

/** @typedef {"check" | "arrival" | "waiting" | "call" | "done"} Part */

const root = byId("visit");
const set = root.dataset;
const other = set.other;
const INSIDE = `stillpoint.inside ${location.pathname}`;

const media = new Media();
const link = new Link(set.tokenUrl, set.csrf);
const channel = new Channel(link);
const secrecy = new Secrecy(link, channel, set.me);
new Shield(secrecy);
const connection = new Connection(link, media, Number(set.slots), (line, label, slot) => secrecy.cover.line(line, label, slot));
const stage = new Stage(media, other, Number(set.slots));
connection.heights = () => stage.heights;
const clock = new Clock({ starts: Date.parse(set.starts), ends: Date.parse(set.ends), zone: set.zone });
const roster = new Roster(set.me);
const admissions = set.role === "counselor" ? new Admissions(link, media) : null;
const waitingRoom = new WaitingRoom(link, media, { me: set.me, other });

/** The room as the server last described it. @type {any} */
let view = null;
/** Who sits on which group of lines. @type {Record<string, string>} */
let slots = {};
/** @type {WakeLockSentinel | null} */
let awake = null;

clock.skew = Date.parse(set.now) - Date.now();
/** Whether this window was inside and was only loaded anew: then it goes back in by itself. */
const returning = Boolean(sessionStorage.getItem(INSIDE)) && clock.now >= Date.parse(set.opens);
wireSwitches(media);
wireCheck(media, { opens: Date.parse(set.opens), now: () => clock.now, enter, returning });
const arrival = new Arrival(enter);
wireNotes(byId("notes-on"));
wireGuests();
wireSafety({ channel, leave, roster });
wireNetwork({ url: set.probeUrl, csrf: set.csrf });
wireSignal(connection);
const holding = new Holding(link, connection, secrecy.cover);
const { chat } = wireTalking({ channel, clock, connection, leave, link, media, roster, stage });

/** @param {Part} part */
function go(part) {
  if (set.stage === part) return;
  set.stage = part;
  for (const section of all("[data-part]")) section.hidden = section.dataset.part !== part;
  media.dispatchEvent(new Event("change"));
  const heading = /** @type {Record<string, string>} */ ({ arrival: "arrival-title", waiting: "waiting-title", done: "done-title" })[part];
  if (heading) byId(heading).focus();
}

function enter() {
  if (arrival.isDue) return go("arrival");
  byId("enter").disabled = true;
  byId("enter-label").textContent = "One moment";
  byId("enter-refusal").hidden = true;
  sessionStorage.setItem(INSIDE, "yes");
  secrecy.ready.then(() => link.open(), refuse);
}

/** @param {string} ending @param {string} [words] */
function finish(ending, words) {
  link.close();
  connection.close();
  secrecy.seat([]);
  media.close();
  stage.clear();
  clock.stop();
  awake?.release().catch(() => {});
  if (!mayReturn(ending)) sessionStorage.removeItem(INSIDE);
  farewell(ending, words);
  view = null;
  go("done");
}

function leave() {
  link.send({ type: "leave" });
  finish("left");
}

document.addEventListener("visibilitychange", stayAwake);
wireRejoin(() => media.open().then(enter));
byId("open-devices").addEventListener("click", () => byId("devices").showModal());
byId("open-leave").addEventListener("click", () => byId("leave").showModal());
byId("leave").addEventListener("close", () => {
  const choice = byId("leave").returnValue;
  byId("leave").returnValue = "";
  if (choice === "leave") leave();
  else if (choice === "end") link.order({ type: "end" });
});
for (const button of all('[data-leave="now"]')) button.addEventListener("click", leave);

media.addEventListener("change", () => view && link.send(switches()));
media.addEventListener("trouble", (event) => {
  const trouble = /** @type {CustomEvent} */ (event).detail;
  if (trouble && set.stage !== "check") tellTrouble(explain(trouble.error, trouble.what, browserOf(navigator.userAgent)).title);
});

const switches = () => ({ type: "show", microphone: media.on.microphone && Boolean(media.tracks.microphone), camera: Boolean(media.tracks.camera), screen: Boolean(media.tracks.screen) });

link.addEventListener("up", () => link.send(switches()));
link.addEventListener("down", () => {
  byId("waiting-line").hidden = false;
  situate();
});
link.addEventListener("refused", (event) => {
  const { code, words } = /** @type {CustomEvent} */ (event).detail;
  if (code === "arrival") return (arrival.isDue = true), go("arrival");
  if (set.stage !== "check") return finish("refused", words);
  byId("enter").disabled = code === "late" || code === "cancelled";
  byId("enter-label").textContent = "Enter the room";
  byId("enter-refusal").textContent = words;
  byId("enter-refusal").hidden = false;
  sessionStorage.removeItem(INSIDE);
});
/** Say what keeps the person out, before anyone speaks. @param {Error} error */
function refuse({ message }) {
  link.dispatchEvent(new CustomEvent("refused", { detail: { code: "unsealed", words: message } }));
}
secrecy.ready.catch(refuse);
secrecy.cover.ended().then(() => set.stage === "call" && finish("broken"), () => {});
link.addEventListener("message", (event) => hear(/** @type {CustomEvent} */ (event).detail));
connection.addEventListener("tracks", (event) => stage.show(/** @type {CustomEvent} */ (event).detail));
connection.addEventListener("lost", situate);
connection.addEventListener("connected", situate);

/** Act on what the server says. @param {any} message */
function hear(message) {
  if (message.type === "welcome") welcomed = message.generation;
  else if (message.type === "roomview") look(message);
  else if (message.type === "answer") connection.answered(message);
  else if (message.type === "slots") (slots = message.slots), secrecy.place(slots), situate();
  else if (message.type === "passed") secrecy.hear(message);
  else if (message.type === "hushed") hush(message.by);
  else if (message.type === "removed") finish("removed", `${message.by} ended your part in it. Camera and microphone are off.`);
  else if (message.type === "written") (admissions ?? waitingRoom).written(message);
  else if (message.type === "problem") toast(message.words);
  else if (message.type === "moved") finish("moved");
  else if (message.type === "ended") finish(message.why ?? "ended", message.by && message.by !== view?.people.find((/** @type {any} */ each) => each.person === set.me)?.name ? `${message.by} ended the session. Camera and microphone are off.` : undefined);
}

/** Whoever leads has muted us: the server passes no sound on until we switch it on ourselves. @param {string} by */
function hush(by) {
  if (!media.on.microphone && !media.mixed) return;
  media.turn("microphone", false);
  tellTrouble(`${by} muted your microphone. Switch it on when you would like to speak.`);
}

/** The connection that the server says it still has for us, until the next view. */
let welcomed = -1;

/** Take in the room as it is now. @param {any} now */
function look(now) {
  const before = view;
  view = now;
  clock.set(now.now, now.ends_at);
  byId("waiting-line").hidden = true;
  admissions?.show(now.waiting, clock.skew);
  secrecy.seat(others(now));
  roster.set(now);
  if (now.stage === "waiting") return waitingRoom.show(now), go("waiting");
  connection.makeRoom(others(now).length);
  if (welcomed >= 0 || set.stage !== "call") begin();
  if (before?.stage === "in") tellComings(others(before), others(now), (words) => chat.note(words));
  situate();
}

function begin() {
  const first = set.stage !== "call";
  go("call");
  clock.start();
  if (welcomed >= 0 || !connection.peer) connection.resume(Math.max(welcomed, 0));
  welcomed = -1;
  if (!first) return;
  announce("You are in the room");
  stayAwake();
}

/** Keep the screen from going dark during the call. */
function stayAwake() {
  if (set.stage !== "call" || document.hidden) return;
  navigator.wakeLock?.request("screen").then((lock) => (awake = lock), () => {});
}

/** @param {any} room @returns {any[]} the other people in the room */
const others = (room) => room?.people.filter((/** @type {any} */ each) => each.person !== set.me) ?? [];

/** @param {any} room @returns {any} whoever fills the stage: the first of the lines carries their picture */
const them = (room) => others(room).find((each) => each.person === slots["0"]) ?? others(room)[0];

/** Show what is going on over the picture. */
function situate() {
  if (set.stage !== "call") return;
  const person = them(view);
  stage.seat(slots, others(view));
  holding.show(others(view));
  if (!connection.isUp) stage.say(connection.peer && !connection.isLost && link.isOpen && !stage.frames ? "connecting" : "reconnecting");
  else if (!person) stage.say(view?.waiting.length ? "door" : "alone");
  else stage.say(person.here ? "" : "theirs");
}

await media.open();
if (returning) enter();
