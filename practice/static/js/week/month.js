// @ts-check
// Moves a session to another day of the month, at the same time of day. Without a pointer a session is moved from the
// page it opens, and in the week with the keys.
import { open } from "./sheet.js";

const FAR = 4;
const LONG = 400;

const table = document.querySelector(".weeks");

/** @type {{ entry: HTMLElement, x: number, y: number, pointer: number, taken: boolean, day: HTMLElement | null, hold: number } | null} */
let drag = null;

/** Take hold: from here on it is a drag. */
function take() {
  if (!drag || !(table instanceof HTMLElement)) return;
  drag.taken = true;
  drag.entry.classList.add("weeks-taken");
  table.classList.add("weeks-dragging");
  table.setPointerCapture(drag.pointer);
}

/** @param {PointerEvent} event */
function moved(event) {
  if (!drag) return;
  if (!drag.taken && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR) {
    if (event.pointerType === "touch") return end();
    take();
  }
  if (!drag?.taken) return;
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(".weeks-day[data-day]");
  const day = under instanceof HTMLElement && !under.classList.contains("weeks-past") ? under : null;
  if (day === drag.day) return;
  drag.day?.classList.remove("weeks-target");
  day?.classList.add("weeks-target");
  drag.day = day;
}

/** Put everything back; what was asked meanwhile is no longer wanted. */
function end() {
  if (!drag) return;
  clearTimeout(drag.hold);
  drag.entry.classList.remove("weeks-taken");
  drag.day?.classList.remove("weeks-target");
  table?.classList.remove("weeks-dragging");
  drag = null;
}

/** Let go: ask whether it shall be so. */
function drop() {
  if (!drag) return;
  const { entry, day, taken } = drag;
  end();
  if (!taken) return;
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  if (day && day !== entry.closest(".weeks-day")) open(`/appointments/${entry.dataset.id}/change?day=${day.dataset.day}`, () => entry.focus());
}

/** A drag ends with a click on whatever is below; it means nothing. @param {Event} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

if (table instanceof HTMLElement) {
  table.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || event.button !== 0 || event.ctrlKey || event.metaKey) return;
    const entry = event.target.closest(".weeks-entry[data-movable]");
    if (!(entry instanceof HTMLElement)) return;
    end();
    const hold = event.pointerType === "touch" ? setTimeout(take, LONG) : 0;
    drag = { entry, x: event.clientX, y: event.clientY, pointer: event.pointerId, taken: false, day: null, hold };
  });
  table.addEventListener("pointermove", moved);
  table.addEventListener("pointerup", drop);
  table.addEventListener("pointercancel", end);
  table.addEventListener("touchmove", (event) => drag?.taken && event.preventDefault(), { passive: false });
  table.addEventListener("dragstart", (event) => event.preventDefault());
  table.addEventListener("contextmenu", (event) => drag?.taken && event.preventDefault());
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.taken) return;
    event.preventDefault();
    end();
  });
}
