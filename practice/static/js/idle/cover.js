// @ts-check
// Covers a page that nobody uses, saves and keeps the work under it, and lifts the cover for the password. Works
// without a connection too: then the cover stays until the password can be checked. A room is attended and never covered.
import * as memory from "./memory.js";

const LOOK = 5000;
const SAVING = 5000; // what a save may take before the browser is locked all the same
const USES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

class Cover {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
    this.signIn = dialog.dataset.signIn ?? "";
    this.attended = "attended" in dialog.dataset;
    this.patience = Number(dialog.dataset.minutes) * 60_000;
    this.used = Date.now();
    this.told = false;
    this.down = false;
    if (!this.attended && memory.isCovered(this.signIn)) this.fall();
    else memory.used();
    this.listen();
  }

  listen() {
    for (const use of USES) addEventListener(use, () => this.use(), { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("online", () => this.tell());
    setInterval(() => this.look(), LOOK);
    memory.listen({ cover: (signIn) => signIn === this.signIn && this.fall(), open: () => this.lift() });
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.dialog.addEventListener("close", () => this.down && this.dialog.showModal());
    this.form.addEventListener("submit", (event) => this.open(event));
  }

  /** Somebody is here; but whoever comes after too long a while finds the page covered. */
  use() {
    this.look();
    if (this.down || Date.now() - this.used < 1000) return;
    this.used = Date.now();
    memory.used();
  }

  look() {
    if (this.attended) return memory.used();
    if (!this.down && Date.now() - Math.max(this.used, memory.lastUse()) > this.patience) this.fall();
  }

  async fall() {
    if (this.down || this.attended) return;
    this.down = true;
    memory.covered(this.signIn);
    this.dialog.showModal();
    /** @type {Promise<unknown>[]} */
    const work = [];
    document.dispatchEvent(new CustomEvent("stillpoint:covered", { detail: work }));
    await Promise.race([Promise.allSettled(work), new Promise((done) => setTimeout(done, SAVING))]);
    await this.tell();
  }

  /** Has the server lock this browser as well. */
  async tell() {
    if (!this.down || this.told) return;
    const answer = await this.send(this.dialog.dataset.lock ?? "", { password: "" });
    this.told = answer?.ok ?? false;
  }

  /** @param {SubmitEvent} event */
  async open(event) {
    event.preventDefault();
    this.say("");
    const answer = await this.send(this.form.action);
    if (answer?.ok) {
      this.lift();
      memory.opened();
    } else if (answer?.status === 422) {
      this.say("That is not your password.");
    } else if (answer?.status === 429) {
      this.say("Too many tries. Wait a few minutes; everything stays as it is.");
    } else if (answer && [400, 401, 403].includes(answer.status)) {
      this.say("You are no longer signed in. Sign in in another tab, then give your password here.");
    } else {
      this.say("Stillpoint cannot be reached, so your password cannot be checked. Your words are kept; try again in a moment.");
    }
  }

  lift() {
    if (!this.down) return;
    this.down = false;
    this.dialog.close();
    this.form.reset();
    this.say("");
    this.told = false;
    this.used = Date.now();
    document.dispatchEvent(new CustomEvent("stillpoint:lifted"));
  }

  /** @param {string} words */
  say(words) {
    const place = this.form.querySelector("[data-cover-words]");
    if (!(place instanceof HTMLElement)) return;
    place.textContent = words;
    place.hidden = !words;
  }

  /** @param {string} address @param {Record<string, string>} [instead] */
  async send(address, instead = {}) {
    const body = new URLSearchParams(instead);
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && !(name in instead)) body.append(name, value);
    try {
      return await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body, redirect: "manual" });
    } catch {
      return null;
    }
  }
}

const dialog = document.getElementById("cover");
if (dialog instanceof HTMLDialogElement) new Cover(dialog);
