// @ts-check
// Answers by a tap: one question goes on by itself; on a page of all of them each answer is kept as it is chosen.

const one = document.querySelector("form[data-question]");
const many = document.querySelector("form[data-questions]");

if (one instanceof HTMLFormElement) {
  // A tap is a choice; the arrow keys only pass by, and go on with the button.
  one.addEventListener("click", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "radio" && event.detail > 0) {
      one.requestSubmit();
    }
  });
}

if (many instanceof HTMLFormElement) {
  const said = many.querySelector("[data-kept]");
  /** @param {string} words */
  const say = (words) => {
    if (said) said.textContent = words;
  };
  let sending = Promise.resolve();
  many.addEventListener("change", () => {
    const body = new FormData(many);
    sending = sending.then(() => keep(many.action, body, say));
  });
}

/** Send what is chosen so far, one after the other.
 * @param {string} address @param {FormData} body @param {(words: string) => void} say */
async function keep(address, body, say) {
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { help } = await answer.json();
    if (help) location.assign(help);
    say("Kept.");
  } catch {
    say("Not kept yet. It goes along when you choose the next answer, or press the button.");
  }
}
