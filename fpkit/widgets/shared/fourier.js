/**
 * Fourier transforms of sampled functions, with the conventions of `fpkit.spectra`:
 * F[k] = (1/N) Σⱼ fⱼ exp(-2πi k tⱼ), where tⱼ is the share of the interval to the left
 * of sample j, so that the frequency index k counts full waves over the interval.
 *
 * @typedef {{re: Float64Array, im: Float64Array}} Spectrum
 */

/** Places of n even samples. @param {number} n */
export const even = (n) => Float64Array.from({ length: n }, (_, j) => j / n);

/** The transform at k < modes.  The points never move, so the cosines and sines are
 * tabulated once.
 * @param {Float32Array | Float64Array} t @returns {(values: ArrayLike<number>) => Spectrum} */
export function transform(t, modes = Math.floor(t.length / 2) + 1) {
  const count = t.length;
  const angles = Float64Array.from({ length: modes * count }, (_, i) => 2 * Math.PI * Math.floor(i / count) * t[i % count]);
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  return (values) => {
    const re = new Float64Array(modes);
    const im = new Float64Array(modes);
    for (let k = 0, i = 0; k < modes; k++) {
      for (let j = 0; j < count; j++, i++) {
        re[k] += (values[j] * cosines[i]) / count;
        im[k] -= (values[j] * sines[i]) / count;
      }
    }
    return { re, im };
  };
}

/** |F[k]|.
 * @param {Spectrum} spectrum @returns {Float64Array} */
export const amplitudes = ({ re, im }) => re.map((value, k) => Math.hypot(value, im[k]));
