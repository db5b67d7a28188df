// @ts-check
// A camera or microphone that does not come: what happened, and what to press in this browser, in words.

/** @typedef {{title: string, text: string, steps: string[]}} Trouble */
/** @typedef {"camera" | "microphone" | "both"} What */

const NAMES = { camera: "camera", microphone: "microphone", both: "camera and microphone" };

/** Apps that show pages inside themselves, and keep camera and microphone from them. */
const INSIDE_AN_APP = /FBAN|FBAV|FB_IAB|Instagram|MicroMessenger|Line\/|GSA\/|Snapchat|LinkedInApp|; wv\)/;

/** Tell the browser apart by its own name. @param {string} agent @returns {string} */
export function browserOf(agent) {
  if (INSIDE_AN_APP.test(agent)) return "app";
  const apple = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && typeof navigator !== "undefined" && navigator.maxTouchPoints > 1);
  if (apple) return "ios";
  if (/Android/.test(agent)) return /Firefox/.test(agent) ? "android-firefox" : "android";
  if (/Firefox/.test(agent)) return "firefox";
  if (/Edg\//.test(agent)) return "edge";
  if (/Chrome|Chromium/.test(agent)) return "chrome";
  return /Safari/.test(agent) ? "safari" : "other";
}

/** @type {Record<string, (name: string) => string[]>} */
const ALLOW = {
  chrome: (name) => ["Press the icon left of the address, beside the page's name.", `Switch on the ${name}.`, "Press “Try again” here."],
  edge: (name) => ["Press the lock left of the address.", `Set the ${name} to “Allow”.`, "Press “Try again” here."],
  firefox: (name) => ["Press the crossed-out icon left of the address.", `Press the × beside “Blocked” for the ${name}.`, "Press “Try again” here and choose “Allow”."],
  safari: (name) => ["In the menu bar choose Safari, then “Settings for This Website”.", `Set the ${name} to “Allow”.`, "Press “Try again” here."],
  ios: (name) => ["Press the “aA” or page symbol in the address bar, then “Website Settings”.", `Set the ${name} to “Allow”.`, "If it stays off, open Settings, then Apps, then Safari, and allow it there.", "Press “Try again” here."],
  android: (name) => ["Press the icon left of the address, then “Permissions”.", `Switch on the ${name}.`, "If it stays off, open Settings, then Apps, then your browser, then Permissions.", "Press “Try again” here."],
  "android-firefox": (name) => ["Press the lock left of the address.", `Allow the ${name} under “Permissions”.`, "Press “Try again” here."],
  app: () => ["This page is shown inside another app. Press its ••• or share symbol.", "Choose “Open in browser”, or copy the address into Safari or Chrome.", "Sign in there, and go to the room."],
  other: (name) => ["Open the settings for this page near the address.", `Allow the ${name}.`, "Press “Try again” here."],
};

/**
 * Put an error of getUserMedia into words.
 * @param {string} error the error's name @param {What} what @param {string} browser @returns {Trouble}
 */
export function explain(error, what, browser) {
  const name = NAMES[what];
  const is = what === "both" ? "are" : "is";
  if (browser === "app" && ["NotAllowedError", "SecurityError", "TypeError", "NotFoundError"].includes(error)) {
    return { title: `This app keeps your ${name} from the page`, text: "In your usual browser it works:", steps: ALLOW.app(name) };
  }
  if (error === "NotAllowedError" || error === "SecurityError") {
    const steps = (ALLOW[browser] ?? ALLOW.other)(name);
    return { title: `Your ${name} ${is} blocked for this page`, text: "You can change that in a moment:", steps };
  }
  if (error === "NotFoundError" || error === "OverconstrainedError") {
    const steps = ["Plug it in, or switch it on if it has a switch or a cover.", "Press “Try again” here."];
    return { title: `No ${name} found`, text: "This device has none, or it is not connected.", steps };
  }
  if (error === "NotReadableError" || error === "AbortError") {
    const steps = ["Close other programs and tabs that show a picture or record, such as another video call.", "If it is still taken, unplug it and plug it in again, or restart the device.", "Press “Try again” here."];
    return { title: `Another program is using your ${name}`, text: "Only one program can have it at a time:", steps };
  }
  if (error === "SofteningError") {
    const steps = ["Switch the camera on again.", "If it stops again, switch “Soften the background” off in the devices."];
    return { title: "Softening the background stopped, so your camera is off", text: "It never goes out unsoftened by itself:", steps };
  }
  if (error === "TypeError") {
    const steps = ["Open this page with an address that begins with https://.", "Use a current version of Chrome, Edge, Firefox or Safari."];
    return { title: `This browser gives no access to your ${name}`, text: "Browsers only do so on secure pages:", steps };
  }
  return { title: `Your ${name} did not start`, text: "Something in the device or browser stopped it:", steps: ["Press “Try again” here.", "If it does not help, restart the browser."] };
}
