// @ts-check
// Shows the plan that this device keeps. Nothing is asked of the server.

import { forgetPlan, keptPlan } from "./keeping_plan.js";
import { openDrafts } from "./sealed_drafts.js";

const PHONE = /(?<![\w+])\+?\d[\d ()/.-]{1,18}\d(?!\w)|(?<![\w+])\d{3}(?!\w)/;
const said = document.querySelector("[data-kept-when]");

const drafts = await openDrafts("plan");
const plan = drafts && (await keptPlan(drafts));

if (drafts && plan) {
  if (said) said.textContent = plan.saved;
  for (const [key, lines] of Object.entries(plan.steps)) show(key, lines);
  const forget = document.querySelector("[data-forget]");
  if (forget instanceof HTMLElement) {
    forget.hidden = false;
    forget.addEventListener("click", async () => {
      await forgetPlan(drafts);
      location.reload();
    });
  }
} else if (said) {
  said.textContent = "No plan is kept on this device.";
}

/** @param {string} key @param {string[]} lines */
function show(key, lines) {
  const step = document.querySelector(`[data-kept-plan] [data-step="${CSS.escape(key)}"]`);
  const list = step?.querySelector(".safety-lines");
  if (!(step instanceof HTMLElement) || !list || !lines.length) return;
  list.replaceChildren(...lines.map(asLine));
  step.hidden = false;
}

/** A line whose number can be dialled. @param {string} text */
function asLine(text) {
  const line = document.createElement("li");
  const found = PHONE.exec(text);
  if (!found) {
    line.textContent = text;
    return line;
  }
  const link = document.createElement("a");
  link.href = `tel:${found[0].replace(/[^\d+]/g, "")}`;
  link.textContent = found[0];
  line.append(text.slice(0, found.index), link, text.slice(found.index + found[0].length));
  return line;
}
