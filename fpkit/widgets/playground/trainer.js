/**
 * One training run: samples, network, and the records of what it did.  It knows
 * nothing of pages, so it runs in a worker as well as beside the drawing.
 *
 * @typedef {import("./targets.js").Choice & {activation: string, width: number, depth: number,
 *   weight_std: number, bias_std: number, seed: number, optimizer: string, lr: number}} Settings
 * @typedef {{steps: number[], losses: number[], testLosses: number[], errors: number[][]}} Records
 *   One entry per record; `errors` has one number per followed mode.
 * @typedef {{x: Float64Array, y: Float64Array, clean: Float64Array, testX: Float64Array,
 *   testY: Float64Array, modes: number[], range?: [number, number], amplitudes: Float64Array}} Problem
 *   The samples, and the clean target's spectrum with the modes that are followed.
 * @typedef {{step: number, outputs: Float64Array, testOutputs: Float64Array, loss: number,
 *   testLoss: number, amplitudes: Float64Array, errors: number[], learned: (number|null)[],
 *   records: Records, diverged: boolean}} Snapshot
 */
import { amplitudes, even, transform } from "../shared/fourier.js";
import { arithmetic } from "./arithmetic.js";
import { OPTIMIZERS, backward, forward, initialize, network, pass } from "./engine.js";
import { normal } from "./random.js";
import { peaks, relativeErrors } from "./spectrum.js";
import { sample } from "./targets.js";

export const THRESHOLD = 0.1; // under this relative error a frequency counts as learned
const FOLLOWED = 6;
const MOST_RECORDS = 240;
const DIVERGED = 1e6; // times the loss at the start, or that of the output 0

/** @param {ArrayLike<number>} outputs @param {ArrayLike<number>} targets */
function meanSquare(outputs, targets) {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) sum += (outputs[i] - targets[i]) ** 2;
  return sum / outputs.length;
}

/** @param {Settings} settings */
export function trainer(settings) {
  const { x, y, clean, testX, testY, modes: given, range } = sample(settings);
  const hidden = Array(settings.depth).fill(settings.width);
  const net = network([1, ...hidden, 1], settings.activation, arithmetic());
  initialize(net, normal(settings.seed), settings.weight_std, settings.bias_std);
  const update = OPTIMIZERS[settings.optimizer](net.parameters.length, settings.lr, net.arithmetic);
  const [train, test] = [pass(net, x), pass(net, testX)];

  const spectrumOf = transform(even(x.length));
  const target = spectrumOf(clean);
  const modes = given ?? peaks(amplitudes(target)).slice(0, FOLLOWED);
  const limit = DIVERGED * Math.max(
    meanSquare(forward(net, train), y), meanSquare(y, new Float64Array(y.length)), Number.MIN_VALUE);

  /** @type {Records} */
  let records = { steps: [], losses: [], testLosses: [], errors: [] };
  /** @type {(number|null)[]} */
  const learned = modes.map(() => null);
  let [step, every, diverged] = [0, 1, false];

  /** What the pass just made says. */
  const measure = () => {
    const output = spectrumOf(train.outputs);
    return { output, errors: relativeErrors(output, target, modes), testLoss: meanSquare(forward(net, test), testY) };
  };

  /** Keep a record of this step.  When there are too many, every other one is
   * dropped, and from then on only half as many are made.
   * @param {number} loss */
  const record = (loss) => {
    const { errors, testLoss } = measure();
    errors.forEach((error, i) => {
      if (learned[i] === null && error < THRESHOLD) learned[i] = step;
    });
    records.steps.push(step);
    records.losses.push(loss);
    records.testLosses.push(testLoss);
    records.errors.push(errors);
    if (records.steps.length <= MOST_RECORDS) return;
    every *= 2;
    /** @param {unknown} _ @param {number} i */
    const kept = (_, i) => i % 2 === 0;
    records = {
      steps: records.steps.filter(kept),
      losses: records.losses.filter(kept),
      testLosses: records.testLosses.filter(kept),
      errors: records.errors.filter(kept),
    };
  };

  const advance = () => {
    forward(net, train);
    const loss = backward(net, train, y);
    diverged = !(loss <= limit);
    if (diverged) return;
    if (step % every === 0) record(loss);
    update(net.parameters, net.gradient);
    step += 1;
  };

  return {
    /** @type {Problem} */
    problem: { x, y, clean, testX, testY, modes, range, amplitudes: amplitudes(target) },

    /** Train up to a step, but no longer than so many milliseconds.
     * @param {number} upTo @param {number} [milliseconds] @returns {boolean}  whether there is more to do */
    train(upTo, milliseconds = Infinity) {
      const end = performance.now() + milliseconds;
      while (step < upTo && !diverged && performance.now() < end) advance();
      return step < upTo && !diverged;
    },

    /** @returns {Snapshot} */
    snapshot() {
      const outputs = Float64Array.from(forward(net, train));
      const { output, errors, testLoss } = measure();
      return {
        step, outputs, testOutputs: Float64Array.from(test.outputs), loss: meanSquare(outputs, y), testLoss,
        amplitudes: amplitudes(output), errors, learned, records, diverged,
      };
    },
  };
}
