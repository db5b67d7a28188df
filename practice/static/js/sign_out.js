// @ts-check
// Signing out takes the drafts kept on this device along, and leaves the key by which others know this browser in a
// session. Where the drafts cannot be deleted for certain, nothing is said, and the server has everything cleared.

const DRAFTS = "stillpoint-drafts-";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || new URL(form.action).pathname !== "/sign-out") return;
  event.preventDefault();
  if (await forget().catch(() => false)) {
    const said = document.createElement("input");
    Object.assign(said, { type: "hidden", name: "drafts", value: "gone" });
    form.append(said);
  }
  form.submit();
});

/** @returns {Promise<boolean>} whether no draft is left */
async function forget() {
  const all = await indexedDB.databases();
  const drafts = all.flatMap(({ name }) => (name?.startsWith(DRAFTS) ? [name] : []));
  return (await Promise.all(drafts.map(deleted))).every(Boolean);
}

/** @param {string} name @returns {Promise<boolean>} false when another tab still holds it open */
function deleted(name) {
  return new Promise((done) => {
    const deleting = indexedDB.deleteDatabase(name);
    deleting.addEventListener("success", () => done(true));
    for (const trouble of ["error", "blocked"]) deleting.addEventListener(trouble, () => done(false));
  });
}
