// @ts-check
// Leaves for a neutral site at once, without a way back by the Back button. Escape twice does the same.

const link = document.querySelector("[data-quick-exit]");

if (link instanceof HTMLAnchorElement) {
  const leave = () => {
    document.body.hidden = true;
    document.title = "";
    location.replace(link.href);
  };
  let escapedAt = -Infinity;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - escapedAt < 1000) leave();
    escapedAt = event.timeStamp;
  });
  document.querySelector("[data-quick-exit-hint]")?.removeAttribute("hidden");
}
