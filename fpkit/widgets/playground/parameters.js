/**
 * What can be set in the playground: names, ranges, presets, and the nearest
 * of them to anything else.
 *
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {{label: string, group: "target"|"network"|"training", choices: Record<string, string>}} Choice
 * @typedef {{label: string, group: "target"|"network"|"training", min: number, max: number,
 *   step: number, log?: boolean}} Range
 *   With `log`, `step` is one of log₁₀; otherwise the values are min + n·step.
 * @typedef {"target"|"activation"|"optimizer"} ChoiceName
 * @typedef {Exclude<keyof Settings, ChoiceName | "amplitudes" | "drawing">} RangeName
 */

/** @type {Record<ChoiceName, Choice>} */
export const CHOICES = {
  target: {
    label: "target",
    group: "target",
    choices: {
      staircase: "staircase",
      sines: "sum of sines",
      equal: "equal waves",
      flipped: "high frequencies dominate",
      sine: "noisy sine",
      drawn: "drawn by hand",
    },
  },
  activation: {
    label: "activation",
    group: "network",
    choices: { tanh: "tanh", relu: "ReLU", sin: "sin", ricker: "Ricker" },
  },
  optimizer: {
    label: "optimiser",
    group: "training",
    choices: { adam: "Adam", sgd: "gradient descent" },
  },
};

/** @type {Record<RangeName, Range>} */
export const RANGES = {
  samples: { label: "samples", group: "target", min: 16, max: 256, step: 2 },
  noise: { label: "noise", group: "target", min: 0, max: 1, step: 0.05 },
  data_seed: { label: "seed of the data", group: "target", min: 0, max: 99, step: 1 },
  width: { label: "width", group: "network", min: 1, max: 200, step: 1 },
  depth: { label: "hidden layers", group: "network", min: 1, max: 4, step: 1 },
  weight_std: { label: "std of weights", group: "network", min: 0.01, max: 10, step: 0.05, log: true },
  bias_std: { label: "std of biases", group: "network", min: 0.01, max: 10, step: 0.05, log: true },
  seed: { label: "seed of the network", group: "network", min: 0, max: 99, step: 1 },
  lr: { label: "learning rate", group: "training", min: 1e-5, max: 1, step: 0.05, log: true },
};

export const AMPLITUDES = 3; // of sin x, sin 3x, sin 5x
export const AMPLITUDE = { min: 0, max: 5, step: 0.1 };
export const DRAWN_POINTS = 33;
export const DRAWN_LIMIT = 1.5;
export const MOST_STEPS = 10_000_000; // of a run, so that an address may ask for as many

/** @type {Settings} */
export const DEFAULTS = {
  target: "staircase", amplitudes: [1, 2, 3], drawing: Array(DRAWN_POINTS).fill(0),
  samples: 40, noise: 0, data_seed: 0,
  activation: "tanh", width: 32, depth: 3, weight_std: 0.2, bias_std: 0.2, seed: 0,
  optimizer: "adam", lr: 0.003,
};

/** What differs from the defaults, under the name in the menu and the title of
 * the chapter that it belongs to.
 * @type {Record<string, Partial<Settings>>} */
export const PRESETS = {
  "staircase · Low frequencies first": {},
  "equal waves · Low frequencies first": { target: "equal", lr: 0.002 },
  "growing amplitudes · Low frequencies first":
    { target: "sines", samples: 80, depth: 2, weight_std: 0.3, bias_std: 0.3, lr: 0.01 },
  "ReLU units · Low frequencies first": { activation: "relu", weight_std: 0.25, bias_std: 0.1, lr: 0.002 },
  "large weights · What the network starts with": { target: "equal", weight_std: 3, bias_std: 3, lr: 0.002 },
  "sine units · Low frequencies first":
    { target: "equal", activation: "sin", weight_std: 1.5, bias_std: 1.5, lr: 0.0005 },
  "the papers' width and rate, slowly · Low frequencies first":
    { width: 200, depth: 4, weight_std: 0.1, bias_std: 0.1, lr: 2e-5 },
  "noisy labels · Stopping before the noise": { target: "sine", noise: 0.3, samples: 80 },
  "high frequencies · Why: one neuron at a time": { target: "flipped" },
  "draw your own": { target: "drawn" },
};

/** The nearest value that a range allows; NaN for what is no finite number.
 * @param {Pick<Range, "min"|"max"|"step"|"log">} range @param {number} value */
export function nearest({ min, max, step, log }, value) {
  if (!Number.isFinite(value)) return NaN;
  const inside = Math.min(max, Math.max(min, value));
  if (log) return Number(inside.toPrecision(3));
  return Number(Math.min(max, min + Math.round((inside - min) / step) * step).toPrecision(12));
}

/** @param {string} name @returns {name is ChoiceName} */
const isChoice = (name) => Object.hasOwn(CHOICES, name);

/** @param {string} name @returns {name is RangeName} */
const isRange = (name) => Object.hasOwn(RANGES, name);

/** Settings out of anything: from an address, or from Python.  What is missing
 * takes its default, what is not allowed the nearest value that is.
 * @param {Record<string, unknown>} given @returns {{settings: Settings, notes: string[]}} */
export function checked(given) {
  const settings = { ...DEFAULTS };
  /** @type {string[]} */
  const notes = [];
  /** @param {string} name @param {Parameters<typeof nearest>[0]} range @param {unknown} value @param {number} otherwise */
  const number = (name, range, value, otherwise) => {
    const asked = typeof value === "string" && !value.trim() ? NaN : Number(value);
    const allowed = nearest(range, asked);
    const result = Number.isNaN(allowed) ? otherwise : allowed;
    if (!(Math.abs(asked - result) <= 0.006 * Math.abs(result))) notes.push(`${name}: ${value === "" ? "nothing" : value} became ${result}`);
    return result;
  };
  for (const [name, value] of Object.entries(given)) {
    if (isChoice(name)) {
      if (typeof value === "string" && Object.hasOwn(CHOICES[name].choices, value)) settings[name] = value;
      else notes.push(`${CHOICES[name].label}: “${value}” is not known, “${settings[name]}” is used`);
    } else if (isRange(name)) {
      settings[name] = number(RANGES[name].label, RANGES[name], value, settings[name]);
    } else if (name === "amplitudes" && Array.isArray(value)) {
      settings.amplitudes = DEFAULTS.amplitudes.map((usual, i) => number(`amplitude ${i + 1}`, AMPLITUDE, value[i] ?? usual, usual));
    } else if (name === "drawing" && Array.isArray(value)) {
      const range = { min: -DRAWN_LIMIT, max: DRAWN_LIMIT, step: 0.01 };
      settings.drawing = DEFAULTS.drawing.map((usual, i) => number(`drawn point ${i + 1}`, range, value[i] ?? usual, usual));
    } else {
      notes.push(`“${name}” is no setting`);
    }
  }
  return { settings, notes };
}
