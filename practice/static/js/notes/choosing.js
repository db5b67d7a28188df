// @ts-check
// Chooses between two versions: one side for all parts at once, and in a part by the keys 1, 2 and 3.

const KEYS = { 1: "mine", 2: "theirs", 3: "both" };

/** @param {Element} part @param {string} side */
function choose(part, side) {
  const radio = part.querySelector(`input[value="${side}"]`);
  if (radio instanceof HTMLInputElement) radio.checked = true;
  return radio;
}

for (const button of document.querySelectorAll("[data-choose-all]")) {
  if (!(button instanceof HTMLElement)) continue;
  button.addEventListener("click", () => {
    for (const part of document.querySelectorAll("[data-choice]")) choose(part, button.dataset.chooseAll ?? "");
    const said = document.querySelector("[data-chosen]");
    if (said) said.textContent = `Chosen for every part: ${button.textContent}`;
  });
}

document.addEventListener("keydown", (event) => {
  const part = event.target instanceof Element && event.target.closest("[data-choice]");
  const side = KEYS[/** @type {keyof typeof KEYS} */ (Number(event.key))];
  if (!part || !side || event.ctrlKey || event.altKey || event.metaKey) return;
  const radio = choose(part, side);
  if (radio instanceof HTMLElement) radio.focus();
});
