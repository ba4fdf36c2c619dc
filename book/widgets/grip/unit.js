/**
 * One unit tanh(wx + b) on the whole line, w > 0: its spectrum, and how hard an error of one
 * frequency pulls at w.  Frequencies k are angular, in radians per unit of x (ω on the page).  The formulas are those
 * of the chapter's `unit_spectra` and `unit_gradients`.
 */

/** πk/2w, in which the spectrum falls exponentially. @param {number} k @param {number} w */
const exponent = (k, w) => (Math.PI * k) / (2 * w);

/** |F(k)| = (π/w) csch(πk/2w). @param {number} k @param {number} w */
export const spectrum = (k, w) => Math.PI / w / Math.sinh(exponent(k, w));

/** What it is far out, (2π/w) exp(-πk/2w). @param {number} k @param {number} w */
export const law = (k, w) => ((2 * Math.PI) / w) * Math.exp(-exponent(k, w));

/** |∂F(k)/∂w|.  An error D(k) of the output makes ∂L(k)/∂w = Re(D* ∂F/∂w), for L(k) = ½|D(k)|²: that
 * is as much as this for an error of size 1 whose phase fits best, and 1/√2 of it in the root mean
 * square over all phases.
 * @param {number} k @param {number} w @param {number} b */
export function pull(k, w, b) {
  const s = exponent(k, w);
  return (spectrum(k, w) / w) * Math.hypot(s / Math.tanh(s) - 1, (b * k) / w);
}

/** The same for a, w and b of a·tanh(wx + b) together, at a = 1: the root of the sum of squares, with
 * |∂F/∂a| = |F| and |∂F/∂b| = (k/w)|F|.
 * @param {number} k @param {number} w @param {number} b */
export const pullOnAll = (k, w, b) => Math.hypot(spectrum(k, w) * Math.hypot(1, k / w), pull(k, w, b));
