/**
 * A network 1-32-32-1 of tanh units from its first weights on, and what it puts between the points
 * that it is trained on: its curve, and the curve's spectrum.
 *
 * A step on a dozen points takes a tenth of a millisecond, so no worker is needed.
 *
 * @typedef {{std: number, seed: number}} First  weights: their standard deviation, and which draw
 */
import { arithmetic } from "../playground/arithmetic.js";
import { adam, backward, forward, initialize, network, pass } from "../playground/engine.js";
import { normal } from "../playground/random.js";
import { amplitudes, even, transform } from "../shared/fourier.js";

const WIDTHS = [1, 32, 32, 1];
const RATE = 0.003;
const CLOSE = 0.02; // under this difference at every point it has fitted them
const FINE = 256; // steps of the curve
const MODES = 21;

/** Even places of so many points, from -1 to 1. @param {number} count */
export const places = (count) => Float64Array.from({ length: count }, (_, j) => (2 * j) / (count - 1) - 1);

const PLACES = places(FINE + 1);
const spectrumOf = transform(even(FINE), MODES);

/** |F[k]| of a curve on [-1, 1] for k below 21.  The straight line through its two ends is taken off
 * first: otherwise the jump between them would leak into all frequencies.
 * @param {ArrayLike<number>} curve  at 257 even places */
export function closedSpectrum(curve) {
  const rise = (curve[FINE] - curve[0]) / FINE;
  return amplitudes(spectrumOf(Array.from({ length: FINE }, (_, j) => curve[j] - j * rise)));
}

/** The frequency, in waves over [-1, 1], above which such points see nothing: a wave
 * of this frequency goes up and down from each point to the next. @param {number} count */
export const nyquist = (count) => (count - 1) / 2;

/** Which part of a curve's power lies above a frequency; the mean does not count.
 * @param {ArrayLike<number>} sizes  |F[k]| @param {number} limit */
export function shareAbove(sizes, limit) {
  let [above, all] = [0, 0];
  for (let k = 1; k < sizes.length; k++) {
    all += sizes[k] ** 2;
    if (k > limit) above += sizes[k] ** 2;
  }
  return above / (all || 1);
}

/** @param {number[]} heights  of the points @param {First} first */
export function start(heights, { std, seed }) {
  const net = network(WIDTHS, "tanh", arithmetic());
  initialize(net, normal(seed), std, std);
  const update = adam(net.parameters.length, RATE, net.arithmetic);
  const [points, fine] = [pass(net, places(heights.length)), pass(net, PLACES)];
  let [step, fitted] = [0, false];

  const look = () => {
    fitted = forward(net, points).every((output, j) => Math.abs(output - heights[j]) < CLOSE);
  };
  look();

  return {
    parameters: net.parameters.length,
    places: PLACES,
    get step() { return step; },
    get fitted() { return fitted; },
    /** Train for so many steps, but not beyond the fit. @param {number} steps */
    train(steps) {
      for (let n = 0; n < steps && !fitted; n++) {
        backward(net, points, heights);
        update(net.parameters, net.gradient);
        step += 1;
        look();
      }
    },
    /** The curve at `places`, and its spectrum. */
    curve() {
      const outputs = forward(net, fine);
      return { outputs, sizes: closedSpectrum(outputs) };
    },
  };
}
