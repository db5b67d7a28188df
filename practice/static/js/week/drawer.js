// @ts-check
// Opens a session beside the calendar; without it the link leads to the session's own page.

const drawer = document.getElementById("drawer");

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element) || !(drawer instanceof HTMLDialogElement)) return;
  if (event.target === drawer) return drawer.close();
  const link = event.target.closest("a[data-drawer]");
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  const body = drawer.querySelector("[data-drawer-body]");
  if (!answer?.ok || answer.redirected || !body) {
    location.href = link.href;
    return;
  }
  body.innerHTML = await answer.text();
  drawer.showModal();
});
