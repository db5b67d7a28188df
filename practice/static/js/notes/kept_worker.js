// @ts-check
// Answers for the pages of the safety plan while there is no network: with the page that shows what is kept here.
/// <reference lib="webworker" />

const SHELL = "stillpoint-safety-plan";
const PAGE = "/safety-plan/kept";
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  event.respondWith(fetch(request).catch((error) => fromShell(request, error)));
});

/** @param {Request} request @param {unknown} error @returns {Promise<Response>} */
async function fromShell(request, error) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request.mode === "navigate" ? PAGE : request, { ignoreVary: true });
  if (kept) return kept;
  throw error;
}
