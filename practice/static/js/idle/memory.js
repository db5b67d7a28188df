// @ts-check
// What all pages of this browser know together: when somebody last used one, and that they are covered.

const USED = "stillpoint-used";
const COVERED = "stillpoint-covered"; // the number of the sign-in that is covered
const OPENED = "stillpoint-opened";

/** When somebody last used a page, in milliseconds; 0 when nobody knows. */
export const lastUse = () => Number(read(USED)) || 0;

export const used = () => write(USED, String(Date.now()));

/** @param {string} signIn */
export const isCovered = (signIn) => read(COVERED) === signIn;

/** @param {string} signIn */
export const covered = (signIn) => write(COVERED, signIn);

/** Tells the other pages that the password was given. */
export function opened() {
  forget();
  used();
  write(OPENED, String(Date.now()));
}

export function forget() {
  try {
    localStorage.removeItem(COVERED);
  } catch {
    // a browser that remembers nothing covers each page by itself
  }
}

/** Listens to what the other pages do. @param {{ cover: (signIn: string) => void, open: () => void }} ways */
export function listen({ cover, open }) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === COVERED && newValue) cover(newValue);
    if (key === OPENED) open();
  });
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // as above
  }
}
