// @ts-check
// The grid of the calendar: which minute of which day a point is, and where a session that is being moved may start.

/**
 * @typedef {{ minute: number, stamp: string }} Place a start on the counselor's wall, and the instant it stands for
 * @typedef {{ column: HTMLElement, minute: number, stamp: string, length: number }} Spot
 */

/** The minutes a session may last, as the server has it. */
export const SHORTEST = 10;
export const LONGEST = 240;

export const week = /** @type {HTMLElement | null} */ (document.querySelector("[data-week]"));
/** On a narrow screen a week is a list; a single day keeps its hours, and can be dragged there too. */
export const listed = matchMedia("(max-width: 47.49rem)").matches && !week?.classList.contains("week-of-day");
export const columns = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".week-column[data-day]")]);
export const first = Number(week?.dataset.first ?? 0) * 60;
export const last = Number(week?.dataset.last ?? 24) * 60;

const said = document.querySelector("[data-say]");

/** Tell somebody who does not see it. @param {string} words */
export function say(words) {
  if (said) said.textContent = words;
}

/** Read 615 as 10:15. @param {number} minute */
export function clock(minute) {
  return `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** @param {Spot} spot */
export function words(spot) {
  return `${spot.column.dataset.name}, ${clock(spot.minute)} to ${clock(spot.minute + spot.length)}`;
}

/** @param {HTMLElement} entry @returns {Spot} */
export function spotOf(entry) {
  const column = /** @type {HTMLElement} */ (entry.closest(".week-column"));
  return { column, minute: Number(entry.dataset.from), stamp: "", length: Number(entry.dataset.length) };
}

/** Where a session may start in the days shown. @implements {Iterable<Place>} */
export class Places {
  /** @param {Record<string, [number, string][]>} found by day */
  constructor(found) {
    /** @type {Map<string, Place[]>} */
    this.days = new Map(Object.entries(found).map(([day, all]) => [day, all.map(([minute, stamp]) => ({ minute, stamp }))]));
  }

  /** Every quarter of an hour that is shown: for a session that does not exist yet. */
  static everywhere() {
    const all = [];
    for (let minute = first; minute < last; minute += 15) all.push(/** @type {[number, string]} */ ([minute, ""]));
    return new Places(Object.fromEntries(columns.map((column) => [column.dataset.day ?? "", all])));
  }

  /** @param {HTMLElement} column */
  on(column) {
    return this.days.get(column.dataset.day ?? "") ?? [];
  }

  /** The start nearest to a minute, or nothing when the nearest is further than `reach`. @param {HTMLElement} column @param {number} minute @param {number} [reach] */
  nearest(column, minute, reach = 24 * 60) {
    let best;
    for (const place of this.on(column)) {
      if (!best || Math.abs(place.minute - minute) < Math.abs(best.minute - minute)) best = place;
    }
    return best && Math.abs(best.minute - minute) <= reach ? best : undefined;
  }

  /** The next start above or below. @param {HTMLElement} column @param {number} minute @param {number} step 1 or -1 */
  beyond(column, minute, step) {
    const all = this.on(column).filter((place) => (place.minute - minute) * step > 0);
    return step > 0 ? all[0] : all.at(-1);
  }
}

/** Ask where a session may go. @param {HTMLElement} entry @returns {Promise<Places>} */
export async function placesFor(entry) {
  const day = columns[0]?.dataset.day ?? "";
  const last = columns.at(-1)?.dataset.day ?? day;
  const days = Math.round((Date.parse(last) - Date.parse(day)) / 86400000) + 1;
  const answer = await fetch(`/appointments/${entry.dataset.id}/places?day=${day}&days=${days}`).catch(() => null);
  return new Places(answer?.ok ? await answer.json() : {});
}

/** The address that says what a change would mean. @param {HTMLElement} entry @param {Spot} spot */
export function changeAddress(entry, spot) {
  const asked = new URLSearchParams({ minutes: String(spot.length) });
  if (spot.stamp) asked.set("starts_at", spot.stamp);
  return `/appointments/${entry.dataset.id}/change?${asked}`;
}

/** The address of the form for a new session. @param {Spot} spot */
export function newAddress(spot) {
  const asked = new URLSearchParams({ day: spot.column.dataset.day ?? "", minute: String(spot.minute) });
  return `${week?.dataset.new}?${asked}`;
}
