// @ts-check
// The button that turns light to dark and back, and remembers.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark"} the scheme on the page now */
function current() {
  if (root.dataset.theme === "light" || root.dataset.theme === "dark") return root.dataset.theme;
  return dark.matches ? "dark" : "light";
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Not remembered, still switched.
    }
  });
}
