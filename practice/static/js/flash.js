// @ts-check
// Lets a message be put away. Messages never vanish by themselves: some people read slowly.

for (const button of document.querySelectorAll("[data-flash] [data-dismiss]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => button.closest("[data-flash]")?.remove());
}
