// @ts-check
// The eye beside a password: shows what is typed while pressed in.

for (const group of document.querySelectorAll("[data-reveal]")) {
  const input = group.querySelector("input");
  const button = group.querySelector("button");
  if (!input || !button) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  input.form?.addEventListener("submit", () => {
    input.type = "password";
  });
}
