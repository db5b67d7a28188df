// @ts-check
// In which sizes a camera goes out to a group, so that everybody gets the one that suits (RFC 8853). Pure.
//
// Chromium encodes three sizes of a picture of 960 × 540 or more, two of one of 480 × 270 or more, and else one, and what
// it leaves out is the last: so the last that it takes must be the camera's own size (WebRTC, video/config/simulcast.cc).

/** One size. @typedef {{scaleResolutionDownBy: number, maxBitrate: number}} Size */

export const RIDS = ["s", "m", "l"];
const MAX_FRAMERATE = 30;

/** By how many pixels a camera must give, the most first: its sizes, the smallest first. @type {[number, Size[]][]} */
const PLANS = [
  [960 * 540, [{ scaleResolutionDownBy: 4, maxBitrate: 120_000 }, { scaleResolutionDownBy: 2, maxBitrate: 400_000 }, { scaleResolutionDownBy: 1, maxBitrate: 1_500_000 }]],
  [480 * 270, [{ scaleResolutionDownBy: 2, maxBitrate: 150_000 }, { scaleResolutionDownBy: 1, maxBitrate: 700_000 }]],
  [0, [{ scaleResolutionDownBy: 1, maxBitrate: 350_000 }]],
];

/**
 * Say what goes out on each line of sizes.
 * @param {number} pixels how many the camera gives; 0 when it does not say, and then it gives what it was asked for
 * @param {number} top the largest size that anybody watches, the smallest being 0
 * @param {number} rung how far down the ladder the way out stands (see ladder.js): one size less for each step
 * @param {RTCRtpEncodingParameters} picture what the rung bounds a lone picture by
 * @returns {RTCRtpEncodingParameters[]}
 */
export function sizesFor(pixels, top, rung, picture) {
  const sizes = PLANS.find(([least]) => (pixels || Infinity) >= least)?.[1] ?? PLANS[0][1];
  const [lone] = sizes;
  if (sizes.length === 1) {
    const maxBitrate = Math.min(lone.maxBitrate, picture.maxBitrate ?? Infinity);
    return RIDS.map((_, place) => ({ maxFramerate: MAX_FRAMERATE, ...lone, ...picture, maxBitrate, active: place === 0 }));
  }
  const most = Math.max(0, Math.min(top, sizes.length - 1 - rung));
  return RIDS.map((_, place) => ({ maxFramerate: MAX_FRAMERATE, ...(sizes[place] ?? lone), active: place <= most }));
}
