// @ts-check
// Opens HPKE envelopes in base mode (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

const P256 = { name: "ECDH", namedCurve: "P-256" };
const HMAC = { name: "HMAC", hash: "SHA-256" };
const POINT = 65;
const KEM = suite("KEM", 0x0010);
const WHOLE = suite("HPKE", 0x0010, 0x0001, 0x0002);
const VERSION = text("HPKE-v1");
const NONE = new Uint8Array();

/** Opens one message to a private key; throws when it was altered or bound to something else.
 * @param {CryptoKey} key @param {Uint8Array} ours the public half, 65 bytes
 * @param {Uint8Array} sealed @param {Uint8Array} info */
export async function openEnvelope(key, ours, sealed, info) {
  const theirs = sealed.slice(0, POINT);
  const point = await crypto.subtle.importKey("raw", theirs, P256, false, []);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: point }, key, 256));
  const early = await extract(KEM, NONE, "eae_prk", shared);
  const secret = await expand(KEM, early, "shared_secret", join(theirs, ours), 32);
  const context = join(
    Uint8Array.of(0),
    await extract(WHOLE, NONE, "psk_id_hash", NONE),
    await extract(WHOLE, NONE, "info_hash", info),
  );
  const main = await extract(WHOLE, secret, "secret", NONE);
  const iv = await expand(WHOLE, main, "base_nonce", context, 12);
  const raw = await expand(WHOLE, main, "key", context, 32);
  const opener = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, opener, sealed.slice(POINT)));
}

/** Makes a key pair: the public half as 65 bytes, the private half as its 32. */
export async function makePair() {
  const pair = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const open = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const { d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { open, secret: bytesOf(String(d).replaceAll("-", "+").replaceAll("_", "/")) };
}

/** Reads a private half; throws when it does not belong to the public one.
 * @param {Uint8Array} secret @param {Uint8Array} open */
export function privateKey(secret, open) {
  const part = (/** @type {Uint8Array} */ bytes) =>
    base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const [x, y] = [part(open.slice(1, 33)), part(open.slice(33))];
  const jwk = { kty: "EC", crv: "P-256", d: part(secret), x, y };
  return crypto.subtle.importKey("jwk", jwk, P256, false, ["deriveBits"]);
}

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} words */
export function bytesOf(words) {
  return Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} id @param {Uint8Array} salt @param {string} label @param {Uint8Array} material */
function extract(id, salt, label, material) {
  return mac(salt.length ? salt : new Uint8Array(32), join(VERSION, id, text(label), material));
}

/** @param {Uint8Array} id @param {Uint8Array} key @param {string} label @param {Uint8Array} info
 * @param {number} length at most 32 */
async function expand(id, key, label, info, length) {
  const labelled = join(Uint8Array.of(0, length), VERSION, id, text(label), info, Uint8Array.of(1));
  return (await mac(key, labelled)).slice(0, length);
}

/** @param {Uint8Array} key @param {Uint8Array} data */
async function mac(key, data) {
  const ready = await crypto.subtle.importKey("raw", key, HMAC, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", ready, data));
}

/** @param {string} name @param {number[]} numbers */
function suite(name, ...numbers) {
  return join(text(name), Uint8Array.from(numbers.flatMap((number) => [number >> 8, number & 255])));
}

/** @param {string} words */
function text(words) {
  return new TextEncoder().encode(words);
}

/** @param {Uint8Array[]} parts */
function join(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
