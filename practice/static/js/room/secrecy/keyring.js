// @ts-check
// What this browser keeps for one person: their own identity, whose private half no script can read out, and the
// identities of others that were compared.

import { base64 } from "./bytes.js";
import { newPair } from "./handshake.js";

const MOST_KNOWN = 6;

/** @param {string} person whose keyring @returns {Promise<Keyring>} */
export async function openKeyring(person) {
  try {
    const database = await openDatabase(`stillpoint-keyring-${person}`);
    return new Keyring(await ownPair(database), database);
  } catch {
    return new Keyring(await newPair(), null); // a private window: the keys last as long as the page
  }
}

export class Keyring {
  /** @param {CryptoKeyPair} own @param {IDBDatabase | null} database */
  constructor(own, database) {
    this.own = own;
    this.database = database;
    /** @type {Map<string, string[]>} */
    this.here = new Map();
  }

  /** Tell what we know of an identity: "new" when none of theirs was ever compared. @param {string} person @param {Uint8Array} identity @returns {Promise<"known" | "new" | "changed">} */
  async judge(person, identity) {
    const known = await this.#known(person);
    if (known.includes(base64(identity))) return "known";
    return known.length ? "changed" : "new";
  }

  /** Remember an identity that was compared. People have several devices, so earlier ones stay. @param {string} person @param {Uint8Array} identity */
  async pin(person, identity) {
    const known = [base64(identity), ...(await this.#known(person)).filter((each) => each !== base64(identity))].slice(0, MOST_KNOWN);
    this.here.set(person, known);
    if (this.database) await done(this.database.transaction("known", "readwrite").objectStore("known").put(known, person));
  }

  /** @param {string} person @returns {Promise<string[]>} */
  async #known(person) {
    if (!this.database) return this.here.get(person) ?? [];
    return (await done(this.database.transaction("known").objectStore("known").get(person))) ?? [];
  }
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(name) {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener("upgradeneeded", () => {
    opening.result.createObjectStore("own");
    opening.result.createObjectStore("known");
  });
  return done(opening);
}

/** @param {IDBDatabase} database @returns {Promise<CryptoKeyPair>} */
async function ownPair(database) {
  const found = await done(database.transaction("own").objectStore("own").get("pair"));
  if (found) return found;
  const made = await newPair();
  const store = database.transaction("own", "readwrite").objectStore("own");
  const first = await done(store.get("pair")); // another tab may have made one meanwhile
  if (first) return first;
  await done(store.put(made, "pair"));
  return made;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
