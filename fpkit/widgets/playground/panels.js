/**
 * What the playground shows in the panels of a run, and one more, the loss.
 *
 * @typedef {import("./trainer.js").Problem} Problem
 * @typedef {import("./trainer.js").Snapshot} Snapshot
 * @typedef {import("../shared/charts.js").Box} Box
 */
import { apart, clear, decadeTicks, extent, integer, linePath, panelSvg, roundTicks, s, scale, significant, text } from "../shared/charts.js";
import { MARGINS, errorPanel, growing } from "../shared/panels.js";
import { THRESHOLD } from "./trainer.js";

const MODES = 41; // frequencies shown

/** Values at samples and, half-way between, at test points, from left to right.
 * @param {Float64Array} at @param {Float64Array} between */
export function interleave(at, between) {
  const all = new Float64Array(at.length + between.length);
  at.forEach((value, i) => { all[2 * i] = value; });
  between.forEach((value, i) => { all[2 * i + 1] = value; });
  return all;
}

/** @param {Problem} problem @param {string[]} colors @returns {import("../shared/panels.js").Task} */
export function task({ x, y, clean, testX, range, modes, amplitudes }, colors) {
  const [low, high] = extent(clean, y);
  const half = Math.max(1, 0.65 * (high - low));
  return {
    x, target: clean, samples: y.some((value, j) => value !== clean[j]) ? y : [], points: interleave(x, testX),
    range: range ?? [(low + high) / 2 - half, (low + high) / 2 + half],
    modes, colors, count: Math.min(amplitudes.length, Math.max(MODES, 1 + (modes.at(-1) ?? 0))),
    spectra: [amplitudes], member: 0, threshold: THRESHOLD, errorRange: [0.001, 3],
  };
}

/** Steps from 0 to the next round number.
 * @param {number} last @param {Box} box @returns {import("../shared/panels.js").Axis} */
function stepAxis(last, { left, right }) {
  const power = 10 ** Math.floor(Math.log10(Math.max(last, 100)));
  const end = ([1, 2, 5].find((m) => m * power >= last) ?? 10) * power;
  const x = scale([0, end], [left, right]);
  return [x, roundTicks(x, right - left, 64, integer)];
}

/** The errors so far. */
export function growingErrors() {
  const { draw, plot, ...panel } = errorPanel();
  /** @type {Box} */
  let box;
  return {
    ...panel,
    /** @type {(...how: Parameters<typeof draw>) => void} */
    draw(...how) { box = draw(...how); },
    /** @param {Snapshot} snapshot */
    move({ step, errors, learned, records }) {
      plot(stepAxis(step, box), [...records.steps, step],
        errors.map((now, i) => [...records.errors.map((row) => row[i]), now]),
        learned.map((at) => (at === null ? null : [at, THRESHOLD])));
    },
  };
}

/** Loss at the samples and at the test points against the training step. */
export function lossPanel() {
  const svg = panelSvg("fp-loss", "Loss");
  const kinds = ["train", "test"].map((name) => ({
    line: s("path", { class: `fp-loss-${name}` }), label: text(0, 0, "start", name),
  }));
  /** @type {Box} */
  let box;
  /** @type {import("../shared/charts.js").Scale} */
  let y;
  /** @type {ReturnType<typeof growing>} */
  let frame;
  return {
    svg,
    /** @param {number} width @param {unknown} _ @param {number} [height] */
    draw(width, _, height) {
      box = clear(svg, width, MARGINS, height);
      frame = growing(svg, box, () => {
        const decades = decadeTicks(y);
        return [y, decades.filter((_, i) => i % Math.ceil(decades.length / 7) === 0)];
      });
      svg.append(text(4, 13, "start", "mean squared error"), ...kinds.flatMap(({ line, label }) => [line, label]));
    },
    /** @param {Snapshot} snapshot */
    move({ step, loss, testLoss, records }) {
      const steps = [...records.steps, step];
      const curves = [[...records.losses, loss], [...records.testLosses, testLoss]];
      const [low, high] = extent(...curves.map((values) => values.filter((value) => value > 0 && value < Infinity)));
      const [from, to] = [low, high * 1.000001].map((value, i) => 10 ** (Math.floor(Math.log10(Math.min(1e12, Math.max(1e-12, value)))) + i));
      y = scale([from, to], [box.bottom, box.top], Math.log);
      const axis = stepAxis(step, box);
      frame(axis);
      const labels = apart(curves.map((values) => y(values[values.length - 1])), 13, [box.top, box.bottom]);
      kinds.forEach(({ line, label }, i) => {
        line.setAttribute("d", linePath(steps, curves[i], axis[0], y));
        label.setAttribute("x", (axis[0](step) + 7).toFixed(1));
        label.setAttribute("y", (labels[i] + 4).toFixed(1));
      });
    },
    /** @param {Snapshot} snapshot */
    describe: ({ step, loss, testLoss }) =>
      `Loss at step ${integer(step)}: ${significant(loss)} at the samples, ${significant(testLoss)} at the test points.`,
  };
}
