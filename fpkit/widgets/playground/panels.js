/**
 * The playground's four panels: those of every run, and the loss.
 *
 * @typedef {import("./trainer.js").Problem} Problem
 * @typedef {import("./trainer.js").Snapshot} Snapshot
 * @typedef {import("../shared/charts.js").Scale} Scale
 * @typedef {import("../shared/charts.js").Box} Box
 * @typedef {{svg: SVGElement, draw(width: number, problem: Problem, colors: string[]): void,
 *   move(snapshot: Snapshot): void, describe(snapshot: Snapshot): string}} Panel
 *   `draw` lays out what is the same at every step of a run, `move` updates the
 *   rest, and `describe` says in words what is shown.
 */
import { apart, clear, decadeTicks, extent, integer, linePath, panelSvg, roundTicks, s, scale, significant, text } from "../shared/charts.js";
import { MARGINS, errorPanel, fitPanel, growing, spectrumPanel } from "../shared/panels.js";
import { THRESHOLD } from "./trainer.js";

const MODES = 41; // frequencies shown

/** Values at samples and, half-way between, at test points, from left to right.
 * @param {Float64Array} at @param {Float64Array} between */
function interleave(at, between) {
  const all = new Float64Array(at.length + between.length);
  at.forEach((value, i) => { all[2 * i] = value; });
  between.forEach((value, i) => { all[2 * i + 1] = value; });
  return all;
}

/** Steps from 0 to the next round number.
 * @param {number} last @param {Box} box @returns {Parameters<ReturnType<typeof growing>>[0]} */
function stepAxis(last, { left, right }) {
  const power = 10 ** Math.floor(Math.log10(Math.max(last, 100)));
  const end = ([1, 2, 5].find((m) => m * power >= last) ?? 10) * power;
  const x = scale([0, end], [left, right]);
  return [x, roundTicks(x, right - left, 64, integer)];
}

/** @returns {Panel & Pick<ReturnType<typeof fitPanel>, "scales">} */
export function fit() {
  const { svg, scales, draw, move, describe } = fitPanel();
  /** @type {Float64Array} */
  let points;
  return {
    svg,
    scales,
    draw(width, { x, y, clean, testX, range }) {
      points = interleave(x, testX);
      const [low, high] = extent(clean, y);
      const half = Math.max(1, 0.65 * (high - low));
      const noisy = y.some((value, j) => value !== clean[j]);
      draw(width, x, clean, range ?? [(low + high) / 2 - half, (low + high) / 2 + half], noisy ? y : []);
    },
    move: ({ outputs, testOutputs }) => move(points, interleave(outputs, testOutputs)),
    describe: ({ step, loss }) => describe(step, loss, "at the samples "),
  };
}

/** @returns {Panel} */
export function spectrum() {
  const { svg, draw, move, describe } = spectrumPanel();
  return {
    svg,
    draw(width, { modes, amplitudes }, colors) {
      draw(width, { modes, colors }, Math.min(amplitudes.length, Math.max(MODES, 1 + (modes.at(-1) ?? 0))), [amplitudes]);
    },
    move: ({ amplitudes }) => move(amplitudes),
    describe: ({ step, amplitudes }) => describe(step, amplitudes),
  };
}

/** @returns {Panel} */
export function error() {
  const { svg, draw, plot, describe, describeFirst } = errorPanel();
  /** @type {Box} */
  let box;
  return {
    svg,
    draw(width, { modes }, colors) {
      box = draw(width, { modes, colors }, THRESHOLD, [0.001, 3]);
    },
    move({ step, errors, learned, records }) {
      plot(stepAxis(step, box), [...records.steps, step],
        errors.map((now, i) => [...records.errors.map((row) => row[i]), now]),
        learned.map((at) => (at === null ? null : [at, THRESHOLD])));
    },
    describe: ({ step, errors, learned }) => describe(step, errors) + describeFirst(learned),
  };
}

/** Loss at the samples and at the test points against the training step. @returns {Panel} */
export function loss() {
  const svg = panelSvg("fp-loss", "Loss");
  const kinds = ["train", "test"].map((name) => ({
    line: s("path", { class: `fp-loss-${name}` }), label: text(0, 0, "start", name),
  }));
  /** @type {Box} */
  let box;
  /** @type {Scale} */
  let y;
  /** @type {ReturnType<typeof growing>} */
  let frame;
  return {
    svg,
    draw(width) {
      box = clear(svg, width, MARGINS);
      frame = growing(svg, box, () => {
        const decades = decadeTicks(y);
        return [y, decades.filter((_, i) => i % Math.ceil(decades.length / 7) === 0)];
      });
      svg.append(text(4, 13, "start", "mean squared error"), ...kinds.flatMap(({ line, label }) => [line, label]));
    },
    move({ step, loss: now, testLoss, records }) {
      const steps = [...records.steps, step];
      const curves = [[...records.losses, now], [...records.testLosses, testLoss]];
      const [low, high] = extent(...curves.map((values) => values.filter((value) => value > 0 && value < Infinity)));
      const [from, to] = [low, high * 1.000001].map((value, i) => 10 ** (Math.floor(Math.log10(Math.min(1e12, Math.max(1e-12, value)))) + i));
      y = scale([from, to], [box.bottom, box.top], Math.log);
      const axis = stepAxis(step, box);
      frame(axis);
      const ends = curves.map((values) => y(values[values.length - 1]));
      const labels = apart(ends, [box.top, box.bottom]);
      kinds.forEach(({ line, label }, i) => {
        line.setAttribute("d", linePath(steps, curves[i], axis[0], y));
        label.setAttribute("x", (axis[0](step) + 7).toFixed(1));
        label.setAttribute("y", (labels[i] + 4).toFixed(1));
      });
    },
    describe: ({ step, loss: now, testLoss }) =>
      `Loss at step ${integer(step)}: ${significant(now)} at the samples, ${significant(testLoss)} at the test points.`,
  };
}
