// @ts-check
// Chooses the time zone this device is in, where a form has not been answered yet.

const form = document.querySelector("form[data-guess-zone]:not([data-answered])");
const select = form?.querySelector("select[name=zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select instanceof HTMLSelectElement && zone) {
  if (![...select.options].some((option) => option.value === zone)) {
    select.add(new Option(zone.replaceAll("_", " "), zone));
  }
  select.value = zone;
}
