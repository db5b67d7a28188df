// @ts-check
// Brings the tab of this page into sight where there are more tabs than fit.

for (const tabs of document.querySelectorAll(".tabs")) {
  const current = tabs.querySelector("[aria-current]");
  if (current instanceof HTMLElement && tabs instanceof HTMLElement) {
    tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
  }
}
