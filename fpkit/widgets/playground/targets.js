/**
 * The playground's targets, functions of x on an interval.  They are those of
 * `fpkit.targets`; only random phases come from the page's own numbers.
 *
 * @typedef {{target: string, amplitudes: number[], drawing: number[], samples: number,
 *   noise: number, data_seed: number}} Choice
 * @typedef {{interval: [number, number], closed: boolean, f: (x: number) => number,
 *   modes?: number[], range?: [number, number]}} Target
 *   A closed interval has a sample at its right end; a periodic one has not.
 *   `modes` are the frequencies to follow where peaks would not say, `range` the
 *   values to show whatever the target's are.
 * @typedef {{x: Float64Array, y: Float64Array, clean: Float64Array, testX: Float64Array,
 *   testY: Float64Array, modes?: number[], range?: [number, number]}} Samples
 */
import { DRAWN_LIMIT } from "./parameters.js";
import { normal, uniform } from "./random.js";

/** y = α Round(v/α) (Xu, Zhang, Xiao 2018, Eq. 2).
 * @param {number} value @param {number} height  α */
const rounded = (value, height) => height * Math.round(value / height);

const EQUAL_MODES = [1, 3, 5, 7, 9];
const WAVE_MODES = [1, 3, 5];

/** @type {Record<string, (choice: Choice) => Target>} */
export const TARGETS = {
  staircase: () => ({ interval: [-1, 1], closed: true, f: (x) => rounded(x, 0.5) }),
  /** a₁ sin x + a₂ sin 3x + a₃ sin 5x. */
  sines: ({ amplitudes }) => ({
    interval: [-10, 10],
    closed: true,
    f: (x) => amplitudes.reduce((sum, a, i) => sum + a * Math.sin((2 * i + 1) * x), 0),
  }),
  /** Σ cos(πk(x + 1) + φₖ) with random phases. */
  equal: ({ data_seed, samples }) => {
    const phase = uniform(data_seed);
    const waves = EQUAL_MODES.map((k) => ({ k, phase: 2 * Math.PI * phase() }));
    return {
      interval: [-1, 1],
      closed: false,
      f: (x) => waves.reduce((sum, w) => sum + Math.cos(Math.PI * w.k * (x + 1) + w.phase), 0),
      modes: EQUAL_MODES.filter((k) => k < samples / 2),
    };
  },
  /** Σ aₖ cos(πk(x + 1) + φₖ) for three waves of the reader's heights; in no menu, for the bet. */
  waves: ({ amplitudes, data_seed }) => {
    const phase = uniform(data_seed);
    const waves = WAVE_MODES.map((k, i) => ({ k, height: amplitudes[i], phase: 2 * Math.PI * phase() }));
    return {
      interval: [-1, 1],
      closed: false,
      f: (x) => waves.reduce((sum, w) => sum + w.height * Math.cos(Math.PI * w.k * (x + 1) + w.phase), 0),
      modes: WAVE_MODES,
    };
  },
  /** (-1)ʲ xⱼ at the samples, with a wave of the Nyquist frequency between them. */
  flipped: ({ samples }) => {
    const top = samples / 2;
    return {
      interval: [-1, 1],
      closed: true,
      f: (x) => x * Math.cos((Math.PI * (samples - 1) * (x + 1)) / 2),
      modes: [1, Math.round(top / 4), Math.round(top / 2), Math.round((3 * top) / 4), top - 1],
    };
  },
  /** sin x in steps of 1/2. */
  sine: () => ({ interval: [-10, 10], closed: true, f: (x) => rounded(Math.sin(x), 0.5) }),
  /** Straight lines between points drawn by hand. */
  drawn: ({ drawing }) => ({
    interval: [-1, 1],
    closed: true,
    range: [-DRAWN_LIMIT, DRAWN_LIMIT],
    f: (x) => {
      const place = ((x + 1) / 2) * (drawing.length - 1);
      const i = Math.min(drawing.length - 2, Math.max(0, Math.floor(place)));
      return drawing[i] + (place - i) * (drawing[i + 1] - drawing[i]);
    },
  }),
};

/** Samples for training on even points, and for testing half-way between them,
 * with normal noise on both.
 * @param {Choice} choice @returns {Samples} */
export function sample(choice) {
  const { interval: [from, to], closed, f, modes, range } = TARGETS[choice.target](choice);
  const count = choice.samples;
  const step = (to - from) / (closed ? count - 1 : count);
  const x = Float64Array.from({ length: count }, (_, j) => (closed && j === count - 1 ? to : from + j * step));
  const testX = Float64Array.from({ length: closed ? count - 1 : count }, (_, j) => from + (j + 0.5) * step);
  const clean = x.map(f);
  const error = normal(choice.data_seed + 1_000_003); // not the numbers that the phases use
  /** @param {number} value */
  const noisy = (value) => value + choice.noise * error();
  return { x, clean, y: clean.map(noisy), testX, testY: testX.map(f).map(noisy), modes, range };
}
