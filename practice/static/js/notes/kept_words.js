// @ts-check
// Keeps what is typed into an ordinary form on this device, sealed as drafts of notes are, until the server has it: a
// closed tab, a crash, a lost connection or a locked page take no words along. Whether it arrived, a later page tells:
// by the form's mark, which counts what was sent, or by showing the same words as saved.
import { Fields } from "./fields.js";
import { openDrafts } from "./sealed_drafts.js";

const KEPT = "Kept on this device until you send it";
const BACK = "You wrote this here before, and it was not sent. It is back.";

class KeptWords {
  /** @param {HTMLElement} place the line that speaks of it @param {HTMLFormElement} form */
  constructor(place, form) {
    this.form = form;
    this.place = place;
    this.name = place.dataset.kept ?? "";
    this.words = place.querySelector("[data-kept-words]");
    this.away = place.querySelector("button");
    this.fields = new Fields(form);
    this.refused = this.isRefused || form.querySelector(".error-summary") !== null; // the server shows what was sent, and has not kept it
    this.shown = this.refused ? "" : JSON.stringify(this.fields.read("defaultValue"));
    this.drafts = openDrafts(place.dataset.person ?? "");
    this.changes = 0;
    this.sent = false;
    /** @type {Promise<unknown>} */
    this.keeping = this.restore().catch(() => {}); // one thing after the other: none overtakes a later one
    this.listen();
    if (this.isTyped) this.keep();
  }

  listen() {
    this.form.addEventListener("input", () => this.keep());
    this.form.addEventListener("submit", (event) => event.defaultPrevented || this.keep({ sent: true }));
    this.away?.addEventListener("click", () => this.throwAway());
    document.addEventListener("stillpoint:covered", (event) => event instanceof CustomEvent && event.detail.push(this.keeping));
  }

  get isTyped() {
    return this.fields.text() !== this.shown;
  }

  /** How far the server was when this page was made: the version typed upon, or how much there was. */
  get mark() {
    return Number(this.isRefused ? this.place.dataset.mark : (this.base?.value ?? this.place.dataset.mark));
  }

  /** Whether this page lays the words beside somebody else's: the server has not taken them yet. */
  get isRefused() {
    return this.place.dataset.refused !== undefined;
  }

  /** The field that tells which version was typed upon. */
  get base() {
    const field = this.form.elements.namedItem("base") ?? this.form.elements.namedItem("base_version");
    return field instanceof HTMLInputElement ? field : null;
  }

  /** The long fields, or in a form without any the short ones. */
  get texts() {
    const long = [...this.form.querySelectorAll("textarea")];
    const short = /** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll("input[type=text]"));
    return long.length ? long : [...short];
  }

  keep({ sent = false } = {}) {
    this.sent = sent;
    this.keeping = this.keeping.then(() => this.write()).catch(() => {});
    return this.keeping;
  }

  async write() {
    const drafts = await this.drafts;
    if (!drafts) return;
    if (!this.isTyped && !this.sent) {
      await drafts.forget(this.name);
      return this.say("");
    }
    this.changes += 1;
    const kept = { version: this.mark, tab: "", changes: this.changes, fields: this.fields.read(), sent: this.sent };
    await drafts.keep(this.name, kept);
    if (!this.sent) this.say(KEPT);
  }

  /** Puts words back that were typed here and never arrived. */
  async restore() {
    const drafts = await this.drafts;
    const kept = this.refused ? null : await drafts?.find(this.name);
    if (!drafts || !kept) return;
    if (this.arrived(kept)) return drafts.forget(this.name);
    this.fields.putBack(kept.fields);
    if (this.base) this.base.value = String(kept.version); // newer words of others are not written over
    if (this.isTyped) this.say(BACK, { back: true });
  }

  /** @param {import("./sealed_drafts.js").Kept} kept */
  arrived(kept) {
    if (kept.sent && kept.version !== this.mark) return true;
    return this.texts.every((field) => same(kept.fields[field.name], field.defaultValue));
  }

  throwAway() {
    this.form.reset();
    this.keep();
    this.texts[0]?.focus();
  }

  /** @param {string} words */
  say(words, { back = false } = {}) {
    this.place.hidden = !words;
    if (this.words && this.words.textContent !== words) this.words.textContent = words;
    if (this.away) this.away.hidden = !back;
  }
}

/** Servers trim words, and write their lines' ends in their own way. @param {string | undefined} kept @param {string} saved */
function same(kept, saved) {
  return (kept ?? "").replace(/\s+/g, " ").trim() === saved.replace(/\s+/g, " ").trim();
}

for (const place of document.querySelectorAll("[data-kept]")) {
  const form = place.closest("form");
  if (place instanceof HTMLElement && form) new KeptWords(place, form);
}
