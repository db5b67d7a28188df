// @ts-check
// Sets the chosen scheme before the first paint; loaded as a plain script for that reason.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage may be refused; the system's scheme is then right.
  }
})();
