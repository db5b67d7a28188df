// @ts-check
// Softens each picture outside the middle, where a person sits. No model: an outline of head and shoulders, feathered.

const COARSE = 28;
const FINE = 7;

/** @param {number} width @param {number} height @returns {[OffscreenCanvas, OffscreenCanvasRenderingContext2D]} */
function sheet(width, height) {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  return [canvas, /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"))];
}

/** Draw where the picture stays sharp: full in the middle, fading to nothing. @param {number} width @param {number} height @returns {OffscreenCanvas} */
function outline(width, height) {
  const [canvas, context] = sheet(width, height);
  for (const [x, y, across, down] of [[0.5, 0.42, 0.27, 0.46], [0.5, 1.0, 0.46, 0.42]]) {
    context.setTransform(across * width, 0, 0, down * height, x * width, y * height);
    const fade = context.createRadialGradient(0, 0, 0.72, 0, 0, 1);
    fade.addColorStop(0, "rgb(0 0 0 / 100%)");
    fade.addColorStop(1, "rgb(0 0 0 / 0%)");
    context.fillStyle = fade;
    context.fillRect(-1, -1, 2, 2);
  }
  return canvas;
}

/** Softens pictures of one size. */
class Softener {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.outline = outline(width, height);
    [this.sharp, this.onSharp] = sheet(width, height);
    [this.out, this.onOut] = sheet(width, height);
    [this.fine, this.onFine] = sheet(width / FINE, height / FINE);
    [this.coarse, this.onCoarse] = sheet(width / COARSE, height / COARSE);
    for (const context of [this.onOut, this.onFine, this.onCoarse]) context.imageSmoothingQuality = "high";
  }

  /** @param {VideoFrame} frame @returns {VideoFrame} */
  soften(frame) {
    this.onFine.drawImage(frame, 0, 0, this.fine.width, this.fine.height);
    this.onCoarse.drawImage(this.fine, 0, 0, this.coarse.width, this.coarse.height);
    this.onFine.drawImage(this.coarse, 0, 0, this.fine.width, this.fine.height);
    this.onOut.drawImage(this.fine, 0, 0, this.width, this.height);
    this.onSharp.globalCompositeOperation = "copy";
    this.onSharp.drawImage(frame, 0, 0, this.width, this.height);
    this.onSharp.globalCompositeOperation = "destination-in";
    this.onSharp.drawImage(this.outline, 0, 0);
    this.onOut.drawImage(this.sharp, 0, 0);
    return new VideoFrame(this.out, { timestamp: frame.timestamp, alpha: "discard" });
  }
}

/** @type {Softener | null} */
let softener = null;
let begun = false;

addEventListener("message", ({ data }) => {
  const through = new TransformStream({
    transform(frame, out) {
      const { displayWidth: width, displayHeight: height } = frame;
      if (softener?.width !== width || softener.height !== height) softener = new Softener(width, height);
      out.enqueue(softener.soften(frame));
      frame.close();
      if (!begun) postMessage("begun");
      begun = true;
    },
  });
  data.readable.pipeThrough(through).pipeTo(data.writable).catch(() => postMessage("stopped"));
});
