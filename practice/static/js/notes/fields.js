// @ts-check
// What a form holds that somebody can type or tick, as one comparable text; and back again.

const TICK = "tick:"; // before what tells a checkbox from others
const TYPED = "textarea, input[type=text], input[type=date]";

export class Fields {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
  }

  /** Everything that is typed, as one comparable text. */
  text() {
    return JSON.stringify(this.read());
  }

  /** What is typed, or with `defaultValue` what the server sent. @param {"value" | "defaultValue"} which @returns {Record<string, string>} */
  read(which = "value") {
    /** @type {Record<string, string>} */
    const found = {};
    if (this.form.elements.namedItem("layout")) found.layout = this.input("layout").value;
    for (const field of this.form.querySelectorAll(TYPED)) {
      if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) found[field.name] = field[which];
    }
    const ticked = which === "value" ? "checked" : "defaultChecked";
    for (const box of this.boxes()) found[tick(box)] = box[ticked] ? "yes" : "";
    return found;
  }

  /** @param {string} name @returns {HTMLInputElement} */
  input(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** @param {string} name @param {string} value */
  put(name, value) {
    if (name.startsWith(TICK)) {
      for (const box of this.boxes()) if (tick(box) === name) box.checked = value.includes("yes");
      return;
    }
    let field = this.form.elements.namedItem(name);
    if (!field) {
      field = document.createElement("textarea");
      Object.assign(field, { name, hidden: true });
      this.form.append(field);
    }
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) field.value = value;
  }

  /** Puts kept words back; what was typed since the page was shown, faster than we could look, stays below them.
   * @param {Record<string, string>} kept */
  putBack(kept) {
    const [now, before] = [this.read(), this.read("defaultValue")];
    for (const [name, value] of Object.entries(kept)) {
      const typed = name in now && now[name] !== before[name] && now[name] !== value;
      this.put(name, typed ? `${value}\n\n${now[name]}` : value);
    }
  }

  /** @returns {NodeListOf<HTMLInputElement>} */
  boxes() {
    return this.form.querySelectorAll("input[type=checkbox]");
  }

  /** How many words stand in all parts. */
  count() {
    const words = Object.entries(this.read()).filter(([name]) => !["layout", "title"].includes(name) && !name.startsWith(TICK));
    return words.reduce((sum, [, text]) => sum + text.split(/\s+/).filter(Boolean).length, 0);
  }
}

/** @param {HTMLInputElement} box */
function tick(box) {
  return `${TICK}${box.id || `${box.name}=${box.value}`}`;
}
