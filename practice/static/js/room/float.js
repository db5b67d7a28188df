// @ts-check
// Picture-in-picture: the large picture in a small window over other programs, with the switches the browser draws there.

import { announce, byId, toast } from "./dom.js";
import { flip } from "./controls.js";
import { showDone, wireDo } from "./more.js";

/** @param {import("./media.js").Media} media @param {() => void} leave @returns {() => void} opens and closes the window */
export function wireFloat(media, leave) {
  const turn = () => (document.pictureInPictureElement ? document.exitPictureInPicture() : float()).catch(() => toast("The browser opened no small window."));
  wireDo("float", turn, document.pictureInPictureEnabled);
  document.addEventListener("enterpictureinpicture", () => showDone("float", true), true);
  document.addEventListener("leavepictureinpicture", () => showDone("float", false), true);
  wireSession(media, leave);
  return turn;
}

/** Put the large picture into the window; the next one follows it when another becomes large. */
async function float() {
  const video = /** @type {HTMLVideoElement | null} */ (byId("seats").querySelector(".seat-large video") ?? byId("remote-video"));
  if (!video?.videoWidth) return toast("There is no picture to show in a small window yet.");
  await video.requestPictureInPicture();
  announce("The picture is in a small window");
}

/** Switches in the small window and on headsets (Media Session, W3C). @param {import("./media.js").Media} media @param {() => void} leave */
function wireSession(media, leave) {
  const session = /** @type {any} */ (navigator).mediaSession;
  if (!session) return;
  /** @type {[string, () => void][]} */
  const acts = [["togglemicrophone", () => flip(media, "microphone")], ["togglecamera", () => flip(media, "camera")], ["hangup", leave]];
  for (const [name, act] of acts) {
    try {
      session.setActionHandler(name, act);
    } catch {
      // A browser that does not know the action draws no button for it.
    }
  }
  media.addEventListener("change", () => {
    session.setMicrophoneActive?.(media.on.microphone);
    session.setCameraActive?.(Boolean(media.tracks.camera));
  });
}
