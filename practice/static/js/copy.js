// @ts-check
/** Copy what stands in a field, and say so on the button; also on parts of a page that come later. */

document.addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("[data-copy]");
  const field = button && document.querySelector(button.getAttribute("data-copy") ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.select();
  const words = button?.querySelector("span");
  try {
    await navigator.clipboard.writeText(field.value);
    if (words) words.textContent = "Copied";
  } catch {
    if (words) words.textContent = "Selected: press Ctrl C";
  }
});
