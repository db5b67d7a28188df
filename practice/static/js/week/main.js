// @ts-check
// The calendar: keeps the line of now where now is, brings it into view, and brings the other behaviours along.
import "./drawer.js";
import "./sheet.js";
import "./drag.js";
import "./keyboard.js";
import "./toast.js";
import "./month.js";
import { listed } from "./places.js";

const week = document.querySelector("[data-week]");
const line = document.querySelector("[data-now]");
const loadedAt = Date.now();

if (week instanceof HTMLElement) {
  const start = Number(week.dataset.minute);
  const place = () => moveLine(start + Math.floor((Date.now() - loadedAt) / 60000));
  setInterval(place, 20000);
  const first = document.querySelector(".week-entry-found") ?? line ?? week.querySelector(".week-entry");
  const today = week.querySelector(".week-day-today");
  if (listed && today?.previousElementSibling?.matches(".week-day")) today.scrollIntoView();
  if (!listed && first instanceof HTMLElement) week.scrollTop = Math.max(0, first.offsetTop - week.clientHeight / 3);
}

/** @param {number} minute of the counselor's day, past midnight no longer on this page */
function moveLine(minute) {
  if (!(line instanceof HTMLElement) || minute >= 1440) return;
  line.className = `week-now at-${Math.floor(minute / 60)} m-${minute % 60}`;
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
