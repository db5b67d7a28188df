// @ts-check
/*
 * A held time: a quiet line says how long it is kept. Leaving the page tells the server, which frees the time a moment
 * later; a reload, the way back, or the next page that shows the hold keeps it. Going on to pay leaves it alone.
 */

const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-hold]"));

if (line) {
  const visit = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const words = line.querySelector("[data-hold-left]");
  let until = Date.parse(line.dataset.until ?? "");
  let goesOn = false;

  const body = () => {
    const form = new FormData();
    form.set("csrf_token", line.dataset.csrf ?? "");
    form.set("visit", visit);
    return form;
  };

  const say = () => {
    const minutes = Math.ceil((until - Date.now()) / 60_000);
    if (!words || Number.isNaN(minutes)) return;
    if (minutes > 1) words.textContent = `About ${minutes} minutes left, no need to hurry.`;
    else if (minutes === 1) words.textContent = "About a minute left. If it runs out, you can take it again while it is free.";
    else words.textContent = "The time is no longer kept. It may still be free; load the page again to see.";
  };

  const keep = async () => {
    try {
      const answer = await fetch(line.dataset.keep ?? "", { method: "POST", body: body() });
      if (answer.ok) until = Date.parse((await answer.json()).until);
      else if (answer.status === 409) location.reload();
    } catch {
      // Without the server the time that was promised first still holds.
    }
    say();
  };

  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && "keepsHold" in event.target.dataset) goesOn = true;
  });
  window.addEventListener("pagehide", () => {
    if (!goesOn) navigator.sendBeacon(line.dataset.leave ?? "", body());
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    goesOn = false;
    keep();
  });
  setInterval(say, 15_000);
  keep();
}
