// @ts-check
/** Copy what stands in a field, and say so on the button. */

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.querySelector(button.getAttribute("data-copy") ?? "");
    if (!(field instanceof HTMLInputElement)) return;
    field.select();
    const words = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(field.value);
      if (words) words.textContent = "Copied";
    } catch {
      if (words) words.textContent = "Selected: press Ctrl C";
    }
  });
}
