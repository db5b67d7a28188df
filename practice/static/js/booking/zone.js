// @ts-check
// Tells the page which clock this browser is on, once; sends the zone picker as soon as a zone is chosen.

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const signedIn = document.querySelector(".account") !== null;
const remembered = document.cookie.split("; ").some((each) => each.startsWith("zone="));

if (here && !signedIn && !remembered) {
  document.cookie = `zone=${here}; path=/; max-age=31536000; samesite=lax`;
  const shown = document.querySelector("#zone");
  const kept = document.cookie.includes(`zone=${here}`);
  if (kept && shown instanceof HTMLSelectElement && shown.value !== here) location.reload();
}

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && "submits" in event.target.dataset) event.target.form?.requestSubmit();
});
