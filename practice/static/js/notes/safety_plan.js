// @ts-check
// The plan's page: prints it, keeps it on this device when asked to, and says when the other has written on it.

import { openDrafts } from "./sealed_drafts.js";
import { forgetPlan, keepPlan, keptPlan } from "./keeping_plan.js";

document.querySelector("[data-print]")?.addEventListener("click", () => print());
watch(document.querySelector("[data-watch]"));
offerToKeep(document.querySelector("[data-keep-card]"));

/** Ask every few seconds whether the other has saved a newer version.
 * @param {Element | null} news */
function watch(news) {
  if (!(news instanceof HTMLElement)) return;
  const known = Number(news.dataset.version);
  const words = news.querySelector("[data-watch-words]");
  const timer = setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(news.dataset.watch ?? "", {
        headers: { Accept: "application/json", "X-By-Itself": "1" },
      });
      if (!answer.ok) return;
      const { version, by } = await answer.json();
      if (version <= known || !words) return;
      words.textContent = `${by} has saved a newer version.`;
      news.hidden = false;
      clearInterval(timer);
    } catch {
      // Without a network there is no news.
    }
  }, 8000);
}

/** Offer to keep the plan here, and bring what is kept up to date.
 * @param {Element | null} card */
async function offerToKeep(card) {
  if (!(card instanceof HTMLElement) || !("serviceWorker" in navigator)) return;
  const drafts = await openDrafts("plan");
  if (!drafts) return;
  card.hidden = false;
  const show = (/** @type {boolean} */ kept) => {
    for (const [name, shown] of [["keep", !kept], ["forget", kept], ["kept-link", kept]]) {
      const part = card.querySelector(`[data-${name}]`);
      if (part instanceof HTMLElement) part.hidden = !shown;
    }
    if (!kept) return;
    const words = card.querySelector("[data-keep-words]");
    if (words) words.textContent = "The plan is kept on this device and opens without a network.";
  };
  card.querySelector("[data-keep]")?.addEventListener("click", async () => show(await keepPlan(drafts, document)));
  card.querySelector("[data-forget]")?.addEventListener("click", async () => {
    await forgetPlan(drafts);
    location.reload();
  });
  if (await keptPlan(drafts)) show(await keepPlan(drafts, document));
}
