// @ts-check
// The note editor: saves at every pause in typing, keeps what is not saved yet on the device, and never overwrites.
import { openDrafts } from "./sealed_drafts.js";
import { Fields } from "./fields.js";
import { SaveState } from "./save_state.js";
import { save } from "./saving.js";
import { Unlocking } from "./unlocking.js";

const PAUSE = 1200;
const LONGEST_WITHOUT = 12_000;
const WAITS = [2000, 5000, 10_000, 20_000, 30_000];
const UNSAVED = "Not saved yet";
const KEPT = "Not saved yet – kept on this device";

class Editor {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.name = form.dataset.draft ?? "";
    this.state = new SaveState(form);
    this.unlocking = new Unlocking(form, () => this.again());
    this.drafts = openDrafts(form.dataset.person ?? "");
    this.fields = new Fields(form);
    this.saved = JSON.stringify(this.fields.read("defaultValue"));
    this.kept = "";
    this.typed = 0;
    this.failures = 0;
    this.saving = false;
    this.stopped = false;
    this.leaving = false;
    this.going = false; // the next page may be on its way already, made before what is being saved now arrives
    this.news = "";
    /** @type {Promise<unknown>} */
    this.keeping = Promise.resolve(); // drafts are written one after the other: none overtakes a later one
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.listen();
    this.onInput(); // somebody may have typed before this script arrived
    this.keeping = this.restore().catch(() => {});
  }

  listen() {
    this.form.addEventListener("input", () => this.onInput());
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    this.form.elements.namedItem("becomes")?.addEventListener("change", () => this.form.requestSubmit());
    this.form.querySelector("[data-note-retry]")?.addEventListener("click", () => this.again());
    addEventListener("online", () => this.failures && this.again());
    addEventListener("focus", () => this.failures && this.again());
    document.addEventListener("stillpoint:covered", (event) => {
      if (event instanceof CustomEvent && this.form.isConnected) event.detail.push(this.keep(), this.saving || !this.unsaved || this.again());
    });
    document.addEventListener("stillpoint:lifted", () => this.failures && this.again());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("pagehide", () => this.flush());
    addEventListener("pageshow", () => (this.leaving = this.going = false));
    addEventListener("beforeunload", (event) => {
      this.going = true;
      if (this.form.isConnected && this.unsaved && !this.leaving) event.preventDefault();
    });
  }

  get unsaved() {
    return this.fields.text() !== this.saved;
  }

  onInput() {
    this.count();
    if (!this.unsaved || this.stopped) return;
    this.going = false;
    this.typed ||= Date.now();
    this.fields.input("changes").value = String(this.changes + 1);
    this.state.say("unsaved", UNSAVED);
    this.keep().then(() => this.failures && this.unsaved && !this.saving && this.sayKept("unsaved"));
    clearTimeout(this.timer);
    const longest = this.typed + LONGEST_WITHOUT - Date.now();
    this.timer = setTimeout(() => this.save(), this.failures ? this.wait() : Math.max(0, Math.min(PAUSE, longest)));
  }

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    if (event.defaultPrevented) return;
    const compares = event.submitter?.getAttribute("value") === "compare";
    if (this.form.classList.contains("note-editor-beside") && !compares) {
      event.preventDefault();
      this.again();
    } else if (!compares || !event.submitter?.hasAttribute("formtarget")) {
      clearTimeout(this.timer);
      this.leaving = true;
      this.keep();
    }
  }

  count() {
    const place = this.form.querySelector("[data-note-count]");
    if (!(place instanceof HTMLElement)) return;
    const count = this.fields.count();
    place.hidden = !count;
    place.textContent = count === 1 ? "1 word" : `${count} words`;
  }

  get changes() {
    return Number(this.fields.input("changes").value);
  }

  /** Keeps on this device what is typed at the moment its turn comes. */
  keep() {
    this.keeping = this.keeping.then(() => this.write()).catch(() => {});
    return this.keeping;
  }

  async write() {
    const version = Number(this.fields.input("base_version").value);
    const kept = { version, tab: this.fields.input("tab").value, changes: this.changes, fields: this.fields.read() };
    const drafts = await this.drafts;
    if (!drafts) return;
    await drafts.keep(this.name, kept);
    this.kept = JSON.stringify(kept.fields);
  }

  /** Says that what is typed lies on this device, if it does. @param {import("./save_state.js").State} state */
  sayKept(state) {
    this.state.say(state, this.fields.text() === this.kept ? KEPT : UNSAVED);
  }

  /** Forgets the draft, unless something was typed meanwhile or the page is going: the next one may not know of it yet. */
  forget() {
    this.keeping = this.keeping.then(async () => this.unsaved || this.going || (await this.drafts)?.forget(this.name)).catch(() => {});
    return this.keeping;
  }

  /** Tells whether what was kept, or later words of the same tab, have reached the server.
   * @param {import("./sealed_drafts.js").Kept} kept */
  arrived(kept) {
    const { latestTab, latestChanges } = this.form.dataset;
    const sent = kept.tab === latestTab && kept.changes <= Number(latestChanges);
    return sent || JSON.stringify(kept.fields) === this.saved;
  }

  /** Puts words back that were typed here and never reached the server. */
  async restore() {
    const drafts = await this.drafts;
    if (!drafts) return;
    if ("settled" in this.form.dataset) {
      history.replaceState(null, "", location.pathname); // a later visit must not forget newer words
      return drafts.forget(this.name);
    }
    const kept = await drafts.find(this.name);
    if (!kept) return;
    if (this.arrived(kept)) return this.unsaved || drafts.forget(this.name);
    const relaid = kept.fields.layout !== this.fields.input("layout").value;
    this.fields.putBack(kept.fields);
    this.fields.input("base_version").value = String(kept.version);
    this.fields.input("tab").value = kept.tab;
    this.fields.input("changes").value = String(kept.changes + this.changes + 1);
    this.count();
    if (relaid) return this.form.requestSubmit(); // the server carries the words into the layout shown here
    this.news = "These words were typed on this device before and had not been saved. They are back, and saved.";
    this.save(); // not awaited: it ends by forgetting the draft, and that waits for this
  }

  /** Shows the editor anew, as after a change of layout. */
  async renew() {
    const response = await fetch(this.form.dataset.fresh ?? "", { redirect: "manual" });
    const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
    const fresh = page.querySelector("form[data-note-editor]");
    if (!fresh || !this.form.parentElement) return;
    const place = this.form.parentElement;
    this.form.replaceWith(document.importNode(fresh, true));
    mount(place);
  }

  again() {
    clearTimeout(this.timer);
    this.stopped = false;
    return this.save();
  }

  flush() {
    if (this.form.isConnected && this.unsaved && !this.stopped && !this.saving && !this.leaving) this.save({ leaving: true });
  }

  wait() {
    return WAITS[Math.min(this.failures, WAITS.length) - 1] ?? PAUSE;
  }

  async save(options = {}) {
    if (this.saving || !this.form.isConnected) return;
    this.saving = true;
    const sending = this.fields.text();
    this.state.say("saving", "Saving");
    const outcome = await save(this.form, options);
    this.saving = false;
    await this.settle(outcome, sending);
  }

  /** @param {import("./saving.js").Outcome} outcome @param {string} sent */
  async settle(outcome, sent) {
    if (outcome.kind === "saved") {
      this.saved = sent;
      this.typed = this.failures = 0;
      this.fields.input("base_version").value = String(outcome.version);
      if (this.unsaved) return this.onInput();
      this.state.say("saved", outcome.words ?? "Saved");
      this.state.offer(this.news);
      this.unlocking.ask();
      this.news = "";
      await this.forget();
      if (this.fields.input("becomes").value !== this.fields.input("layout").value) await this.renew();
      return;
    }
    await this.keep();
    this.failures += 1;
    this.sayKept("failed");
    this.explain(outcome);
    if (outcome.kind === "unreachable" && !this.stopped) this.timer = setTimeout(() => this.save(), this.wait());
  }

  /** @param {import("./saving.js").Outcome} outcome */
  explain(outcome) {
    this.stopped = outcome.kind === "conflict" || outcome.kind === "locked";
    this.unlocking.ask(outcome.kind === "sealed" ? outcome.address : "");
    if (outcome.kind === "conflict") {
      this.state.offer("This note was also saved somewhere else. Nothing was overwritten.", { compare: true });
    } else if (outcome.kind === "locked") {
      this.state.offer(`${outcome.words} Your words are still here to copy.`, { address: outcome.address, label: "Open the signed note" });
    } else if (outcome.kind === "sealed") {
      this.state.offer("Your notes are locked. Your words stay here: give your password, and they are saved.");
    } else if (outcome.kind === "signed_out") {
      const ways = { address: this.form.dataset.signIn, label: "Sign in in a new tab", retry: true };
      this.state.offer("You are no longer signed in. Your words stay here: sign in in a new tab, then come back.", ways);
    } else if (outcome.kind === "refused") {
      this.state.offer(outcome.words, { retry: true });
    } else {
      this.state.offer("Stillpoint cannot be reached just now. Keep writing; this page goes on trying.", { retry: true });
    }
  }
}

/** Brings every editor inside an element to life, once. @param {ParentNode} root */
export function mount(root) {
  for (const form of root.querySelectorAll("form[data-note-editor]:not([data-mounted])")) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.dataset.mounted = "";
    new Editor(form);
  }
}

mount(document);
document.addEventListener("htmx:load", () => mount(document));
