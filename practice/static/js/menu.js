// @ts-check
// Opens the main menu on small screens; closes open <details data-closes> on Escape and outside clicks.

for (const button of document.querySelectorAll("[data-menu]")) {
  const menu = document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (!menu) continue;
  button.removeAttribute("hidden");
  const show = (/** @type {boolean} */ open) => {
    button.setAttribute("aria-expanded", String(open));
    menu.classList.toggle("is-open", open);
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    /** @type {HTMLElement} */ (button).focus();
  });
}

/** @param {EventTarget | null} inside close every open one but the one that holds this */
function closeOthers(inside) {
  for (const open of document.querySelectorAll("details[data-closes][open]")) {
    if (!(inside instanceof Node && open.contains(inside))) open.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeOthers(null);
});
