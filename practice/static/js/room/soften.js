// @ts-check
// Softening the background on this device: the pictures go through a worker of our own and nowhere else.

/** Whether this browser hands pictures to a worker and takes them back. */
export const canSoften = "MediaStreamTrackProcessor" in globalThis && "MediaStreamTrackGenerator" in globalThis;

/** A camera's softened picture. @typedef {{track: MediaStreamTrack, stop: () => void}} Softened */

/**
 * Soften a camera's picture. When anything fails the picture stops: it never goes out unsoftened.
 * @param {MediaStreamTrack} camera @param {() => void} onStop called when it stops in the middle, by itself
 * @returns {Promise<Softened>} once the first picture has come through
 */
export async function softened(camera, onStop) {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = /** @type {any} */ (globalThis);
  const { readable } = new MediaStreamTrackProcessor({ track: camera, maxBufferSize: 2 });
  const generator = new MediaStreamTrackGenerator({ kind: "video" });
  const worker = new Worker(new URL("./soften_worker.js", import.meta.url), { type: "module" });
  let isOver = false;
  const stop = () => {
    isOver = true;
    generator.stop();
    worker.terminate();
  };
  const begun = new Promise((done, failed) => {
    worker.addEventListener("message", done, { once: true });
    worker.addEventListener("error", failed, { once: true });
    setTimeout(() => failed(new Error("no picture came")), 8000);
  });
  worker.postMessage({ readable, writable: generator.writable }, [readable, generator.writable]);
  try {
    await begun;
  } catch (error) {
    stop();
    throw error;
  }
  for (const end of ["message", "error"]) worker.addEventListener(end, () => isOver || onStop());
  return { track: generator, stop };
}
