// @ts-check
// Shows the way to the safety plan that this device keeps, where it keeps one.

import { keptPlan } from "./keeping_plan.js";
import { openDrafts } from "./sealed_drafts.js";

const link = document.querySelector("[data-kept-plan-link]");

const all = (await globalThis.indexedDB?.databases?.()) ?? [];
const drafts = all.some(({ name }) => name === "stillpoint-drafts-plan") ? await openDrafts("plan") : null;
if (link instanceof HTMLElement && drafts && (await keptPlan(drafts))) link.hidden = false;
