// @ts-check
// Keeps a safety plan on this device: its words sealed as drafts are, and beside them the empty page that shows them.

const NAME = "safety-plan";
const SHELL = "stillpoint-safety-plan";
const PAGE = "/safety-plan/kept";

/** @typedef {NonNullable<Awaited<ReturnType<typeof import("./sealed_drafts.js").openDrafts>>>} Drafts */
/** @typedef {{ saved: string, steps: Record<string, string[]> }} Plan */

/** Keep what the page shows, and the page for it; tells whether that worked.
 * @param {Drafts} drafts @param {Document} shown */
export async function keepPlan(drafts, shown) {
  try {
    await keepShell();
    await navigator.serviceWorker.register("/safety-plan/worker.js", { scope: "/safety-plan" });
    await navigator.serviceWorker.ready;
    await drafts.keep(NAME, { version: 1, tab: "", changes: 0, fields: { plan: JSON.stringify(read(shown)) } });
    return true;
  } catch {
    return false;
  }
}

/** @param {Drafts} drafts @returns {Promise<Plan | null>} */
export async function keptPlan(drafts) {
  const kept = await drafts.find(NAME);
  return kept ? JSON.parse(kept.fields.plan) : null;
}

/** @param {Drafts} drafts */
export async function forgetPlan(drafts) {
  await drafts.forget(NAME);
}

/** @param {Document} shown @returns {Plan} */
function read(shown) {
  /** @type {Record<string, string[]>} */
  const steps = {};
  for (const step of shown.querySelectorAll("[data-plan] [data-step]")) {
    const lines = [...step.querySelectorAll(".safety-lines li")].map((line) => line.textContent?.trim() ?? "");
    steps[step.getAttribute("data-step") ?? ""] = lines;
  }
  return { saved: shown.querySelector("[data-saved]")?.textContent?.trim() ?? "", steps };
}

/** Keep the page and everything it is made of. */
async function keepShell() {
  const cache = await caches.open(SHELL);
  const page = await (await fetch(PAGE)).text();
  const parts = new DOMParser().parseFromString(page, "text/html");
  const addresses = [...parts.querySelectorAll("link[href], script[src], use[href]")].map(
    (part) => (part.getAttribute("href") ?? part.getAttribute("src") ?? "").split("#")[0],
  );
  await cache.addAll([PAGE, ...new Set(addresses.filter((address) => address.startsWith("/static/")))]);
}
