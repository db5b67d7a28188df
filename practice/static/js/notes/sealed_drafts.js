// @ts-check
// Keeps unsaved words on this device, encrypted (AES-GCM, NIST SP 800-38D) under a key of the person's own that no
// script can read out. Signing out deletes both.

/** What a tab had, on top of which version, and after how many changes.
 * `sent` says that it was on its way when it was kept last.
 * @typedef {{ version: number, tab: string, changes: number, fields: Record<string, string>, sent?: boolean }} Kept */

/** Opens the drafts of one person, or null where the browser offers no safe place.
 * @param {string} person */
export async function openDrafts(person) {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return null;
  try {
    const database = await openDatabase(`stillpoint-drafts-${person}`);
    return new SealedDrafts(database, await ownKey(database));
  } catch {
    return null;
  }
}

class SealedDrafts {
  /** @param {IDBDatabase} database @param {CryptoKey} key */
  constructor(database, key) {
    this.database = database;
    this.key = key;
  }

  /** @param {string} name @param {Kept} kept */
  async keep(name, kept) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(kept));
    const sealed = await crypto.subtle.encrypt(bound(iv, name), this.key, plain);
    await done(this.store("readwrite").put({ iv, sealed }, name));
  }

  /** @param {string} name @returns {Promise<Kept | null>} */
  async find(name) {
    const row = await done(this.store("readonly").get(name));
    if (!row) return null;
    try {
      const plain = await crypto.subtle.decrypt(bound(row.iv, name), this.key, row.sealed);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null;
    }
  }

  /** @param {string} name */
  async forget(name) {
    await done(this.store("readwrite").delete(name));
  }

  /** @param {IDBTransactionMode} mode */
  store(mode) {
    return this.database.transaction("drafts", mode).objectStore("drafts");
  }
}

/** @param {Uint8Array} iv @param {string} name */
function bound(iv, name) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(name) {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener("upgradeneeded", () => {
    opening.result.createObjectStore("keys");
    opening.result.createObjectStore("drafts");
  });
  opening.addEventListener("success", () => {
    opening.result.addEventListener("versionchange", () => opening.result.close()); // it is about to be deleted
  });
  return done(opening);
}

/** @param {IDBDatabase} database @returns {Promise<CryptoKey>} */
async function ownKey(database) {
  const found = await done(database.transaction("keys").objectStore("keys").get("own"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const keys = database.transaction("keys", "readwrite").objectStore("keys");
  const first = await done(keys.get("own")); // another tab may have made one meanwhile
  if (first) return first;
  await done(keys.put(made, "own"));
  return made;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
