// @ts-check
// Asking a guest in from inside the room: the same list as on its own page, in a dialog.

import "../copy.js";
import { byId } from "./dom.js";
import { wireDo } from "./more.js";

/** Counselors only: elsewhere there is no such dialog. */
export function wireGuests() {
  const dialog = byId("guests");
  wireDo("guests", () => {
    byId("guests-part").dispatchEvent(new CustomEvent("open-guests"));
    dialog.showModal();
  }, Boolean(dialog));
}
