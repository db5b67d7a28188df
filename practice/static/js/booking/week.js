// @ts-check
// The week: keeps the line of now where now is, brings it into view, and opens sessions beside the calendar.

const week = document.querySelector("[data-week]");
const line = document.querySelector("[data-now]");
const drawer = document.getElementById("drawer");
const loadedAt = Date.now();

if (week instanceof HTMLElement) {
  const start = Number(week.dataset.minute);
  const place = () => moveLine(start + Math.floor((Date.now() - loadedAt) / 60000));
  setInterval(place, 20000);
  const first = line ?? week.querySelector(".week-entry");
  const today = week.querySelector(".week-day-today");
  if (matchMedia("(max-width: 47.49rem)").matches) today?.scrollIntoView();
  else if (first instanceof HTMLElement) week.scrollTop = Math.max(0, first.offsetTop - week.clientHeight / 3);
}

/** @param {number} minute of the counselor's day, past midnight no longer on this page */
function moveLine(minute) {
  if (!(line instanceof HTMLElement) || minute >= 1440) return;
  line.className = `week-now at-${Math.floor(minute / 60)} m-${minute % 60}`;
}

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element) || !(drawer instanceof HTMLDialogElement)) return;
  if (event.target === drawer) return drawer.close();
  const link = event.target.closest("a[data-drawer]");
  if (!(link instanceof HTMLAnchorElement)) return;
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
