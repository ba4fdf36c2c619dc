/**
 * The curves that one can bet on, and the waves that are in one.
 *
 * @typedef {import("../playground/trainer.js").Settings} Settings
 * @typedef {import("../playground/trainer.js").Problem} Problem
 * @typedef {"equal" | "triple" | "staircase" | "drawn"} Name
 * @typedef {{k: number, followed: number, height: number, phase: number}} Wave
 *   k full waves over the interval, which of the followed frequencies that is, and
 *   height · cos(2πkt + phase), where t goes from 0 to 1
 */
import { DEFAULTS } from "../playground/parameters.js";
import { even, transform } from "../shared/fourier.js";

export const MOST_WAVES = 4;
const LOWEST = 0.1; // of the highest wave: what is lower cannot be seen, such as the kinks of a drawing

/** 1-32-32-1, with small first weights. @type {Partial<Settings>} */
const NETWORK = { width: 32, depth: 2, lr: 0.002 };

/** What a curve is called, and what differs from the playground's defaults.
 * @type {Record<Name, {label: string, changes: Partial<Settings>}>} */
export const CURVES = {
  equal: { label: "equal waves", changes: { target: "waves", amplitudes: [1, 1, 1], samples: 64 } },
  triple: { label: "fast wave × 3", changes: { target: "waves", amplitudes: [1, 1, 3], samples: 64 } },
  staircase: { label: "staircase", changes: { target: "staircase", lr: 0.005 } },
  drawn: { label: "draw one", changes: { target: "drawn", samples: 64 } },
};

/** @param {Name} name @param {number} seed  of the network and of the waves' phases
 * @param {number[]} drawing @returns {Settings} */
export const settingsOf = (name, seed, drawing) =>
  ({ ...DEFAULTS, ...NETWORK, ...CURVES[name].changes, seed, data_seed: seed, drawing });

/** The highest waves of a curve among those that are followed, slow ones first.
 * @param {Pick<Problem, "clean" | "modes">} problem @returns {Wave[]} */
export function wavesOf({ clean, modes }) {
  const { re, im } = transform(even(clean.length))(clean);
  const waves = modes.map((k, followed) => (
    { k, followed, height: 2 * Math.hypot(re[k], im[k]), phase: Math.atan2(im[k], re[k]) }));
  const least = LOWEST * Math.max(...waves.map(({ height }) => height));
  const high = waves.filter(({ height }) => height >= least).sort((a, b) => b.height - a.height);
  return high.slice(0, MOST_WAVES).sort((a, b) => a.k - b.k);
}
