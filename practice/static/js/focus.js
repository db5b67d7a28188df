// @ts-check
// Moves focus to the summary of what to change, so that it is read first.

const first = document.querySelector("[data-focus-first]");
if (first instanceof HTMLElement) first.focus();
