// @ts-check
// The offer to take a change back: counts down quietly and leaves when its time is over.

for (const toast of document.querySelectorAll("[data-toast]")) {
  if (!(toast instanceof HTMLElement)) continue;
  const until = Date.now() + 1000 * Number(toast.dataset.toast);
  const left = toast.querySelector("[data-left]");
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) return toast.remove();
    if (left) left.textContent = seconds > 90 ? `${Math.round(seconds / 60)} minutes` : seconds > 45 ? "a minute" : "less than a minute";
    setTimeout(tick, Math.min(15000, seconds * 1000));
  };
  tick();
}
