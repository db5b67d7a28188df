// @ts-check
// One attempt to save a note, and what came of it.

/** @typedef {{ kind: "saved" | "conflict" | "refused" | "locked" | "sealed" | "signed_out" | "unreachable",
 *   version?: number, words?: string, address?: string }} Outcome */

const LARGEST_KEEPALIVE = 60_000; // browsers carry at most 64 KiB past the end of a page

/** @param {HTMLFormElement} form @param {{ leaving?: boolean }} [options] @returns {Promise<Outcome>} */
export async function save(form, { leaving = false } = {}) {
  const outcome = await attempt(form, leaving);
  if (outcome.kind !== "signed_out" || leaving) return outcome;
  return (await renewToken(form)) ? attempt(form, leaving) : outcome;
}

/** @param {HTMLFormElement} form @param {boolean} leaving @returns {Promise<Outcome>} */
async function attempt(form, leaving) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      redirect: "manual",
      keepalive: leaving && body.toString().length < LARGEST_KEEPALIVE,
    });
    return await read(response);
  } catch {
    return { kind: "unreachable" };
  }
}

/** @param {Response} response @returns {Promise<Outcome>} */
async function read(response) {
  const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
  if ([401, 403].includes(response.status) && isAnswer) return barred(response.status, await response.json());
  if ([400, 401, 403].includes(response.status) || response.type === "opaqueredirect") return { kind: "signed_out" };
  if (response.status === 413) return { kind: "refused", words: "This note is too long to save in one piece." };
  if (response.status === 404) return { kind: "refused", words: "This note is not yours to write while you are signed in as somebody else." };
  if (response.status >= 500 || !isAnswer) return { kind: "unreachable" };
  const answer = await response.json();
  if (response.status === 200) return { kind: "saved", version: answer.version, words: answer.saved };
  if (response.status === 409) return { kind: "conflict", words: answer.message };
  if (response.status === 423) return { kind: "locked", words: answer.message, address: answer.address };
  if (response.status === 422) return { kind: "refused", words: answer.message };
  return { kind: "unreachable" };
}

/** Why the words cannot be sealed: the notes are locked until the password is given, or no key of ours fits.
 * @param {number} status @param {{ message: string, address?: string }} answer @returns {Outcome} */
function barred(status, { message, address }) {
  if (status === 403) return { kind: "refused", words: message };
  return address?.startsWith("/unlock") ? { kind: "sealed", address } : { kind: "signed_out" };
}

/** Takes a new token for the form after signing in again elsewhere. @param {HTMLFormElement} form */
async function renewToken(form) {
  try {
    const response = await fetch(form.dataset.fresh ?? "", { redirect: "manual" });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-note-editor]");
    const token = fresh?.querySelector("input[name=csrf_token]");
    const mine = form.querySelector("input[name=csrf_token]");
    if (!(token instanceof HTMLInputElement) || !(mine instanceof HTMLInputElement)) return false;
    if (!(fresh instanceof HTMLFormElement) || fresh.dataset.person !== form.dataset.person) return false;
    mine.value = token.value;
    return true;
  } catch {
    return false;
  }
}
