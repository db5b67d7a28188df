// @ts-check
// Opens one's locked notes in the middle of writing: the password is asked for above the note, and the page stays.

const WORDS = {
  422: "That is not your password.",
  429: "Too many tries. Wait a few minutes; your words stay here.",
};
const ELSEWHERE = "That did not work here. Sign in in a new tab, then come back; your words stay.";
const AWAY = "Stillpoint cannot be reached, so your password cannot be checked. Your words stay here.";

export class Unlocking {
  /** @param {HTMLFormElement} form @param {() => void} opened */
  constructor(form, opened) {
    this.form = form;
    this.opened = opened;
    this.place = form.querySelector("[data-note-unlock]");
    this.password = this.place?.querySelector("input");
    this.trouble = this.place?.querySelector("[data-note-unlock-trouble]");
    this.address = "";
    this.place?.querySelector("[data-note-unlock-go]")?.addEventListener("click", () => this.go());
    this.password?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or the note itself would be sent
      this.go();
    });
  }

  /** Asks for the password, or puts the question away. @param {string} [address] where to send it */
  ask(address = "") {
    this.address = address;
    if (this.place instanceof HTMLElement) this.place.hidden = !address;
    if (!address) this.say("");
  }

  async go() {
    const password = this.password?.value;
    if (!this.password || !password) return this.password?.focus();
    const token = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("csrf_token")).value;
    const trouble = await open(this.address, new URLSearchParams({ csrf_token: token, vault_password: password }));
    this.say(trouble);
    if (trouble) return this.password.select();
    this.password.value = "";
    this.opened();
  }

  /** @param {string} words */
  say(words) {
    if (!(this.trouble instanceof HTMLElement)) return;
    this.trouble.textContent = words;
    this.trouble.hidden = !words;
  }
}

/** Returns what went wrong, in words. @param {string} address @param {URLSearchParams} body */
async function open(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body, redirect: "manual" });
    if (answer.ok) return "";
    return WORDS[/** @type {keyof typeof WORDS} */ (answer.status)] ?? (answer.status >= 500 ? AWAY : ELSEWHERE);
  } catch {
    return AWAY;
  }
}
