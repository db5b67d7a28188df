// @ts-check
// A few lines between the waiting room and the counselor, with the form that writes them.

export class Lines {
  /** @param {HTMLFormElement} form with a list, a text field and perhaps buttons that say something usual @param {(text: string) => boolean} send tells whether it left */
  constructor(form, send) {
    this.list = /** @type {HTMLElement} */ (form.querySelector("ol"));
    const text = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!text.value.trim() || !send(text.value.trim())) return;
      text.value = "";
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-words]"))) {
      button.addEventListener("click", () => send(button.dataset.words ?? ""));
    }
  }

  /** @param {string} name @param {string} text */
  add(name, text) {
    const line = document.createElement("li");
    const who = document.createElement("strong");
    who.textContent = `${name}: `;
    line.append(who, text);
    this.list.append(line);
    line.scrollIntoView({ block: "nearest" });
  }
}
