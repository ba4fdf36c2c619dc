/**
 * What the spectrum of a target says: its peaks, and how far an output is from it.
 *
 * @typedef {import("../shared/fourier.js").Spectrum} Spectrum
 */

/** Relative errors |F[f](k) - F[T](k)| / |F[f](k)| of an output T at some modes.
 * @param {Spectrum} output @param {Spectrum} target @param {number[]} modes @returns {number[]} */
export const relativeErrors = (output, target, modes) => modes.map((k) =>
  Math.hypot(target.re[k] - output.re[k], target.im[k] - output.im[k]) / Math.hypot(target.re[k], target.im[k]));

/** Peaks, lowest first: local maxima above k = 0 whose prominence, the height
 * above the higher of the two lowest points that separate a maximum from a larger
 * one, is at least `share` of their height.  What is 10⁻⁹ of the largest or less
 * is rounding error.
 * @param {ArrayLike<number>} heights @returns {number[]} */
export function peaks(heights, share = 0.25) {
  const h = Float64Array.from(heights);
  const noise = 1e-9 * Math.max(...h); // of the mean, too, which may be all there is
  h[0] = 0; // so that k = 1 can be a peak, whatever the mean is
  /** @param {number} k @param {1 | -1} step */
  const lowestTowards = (k, step) => {
    let lowest = h[k];
    for (let i = k; i >= 0 && i < h.length && h[i] <= h[k]; i += step) lowest = Math.min(lowest, h[i]);
    return lowest;
  };
  const found = [];
  for (let k = 1; k + 1 < h.length; k++) {
    if (h[k] <= noise || h[k] <= h[k - 1] || h[k] <= h[k + 1]) continue;
    if (h[k] - Math.max(lowestTowards(k, -1), lowestTowards(k, 1)) >= share * h[k]) found.push(k);
  }
  return found;
}
