/**
 * The playground's four panels: the fit, its spectrum, the relative error of the
 * followed frequencies, and the loss.
 *
 * @typedef {import("./trainer.js").Problem} Problem
 * @typedef {import("./trainer.js").Snapshot} Snapshot
 * @typedef {import("../shared/charts.js").Scale} Scale
 * @typedef {import("../shared/charts.js").Box} Box
 * @typedef {import("../shared/charts.js").Tick} Tick
 * @typedef {{svg: SVGElement, draw(width: number, problem: Problem, colors: string[]): void,
 *   move(snapshot: Snapshot): void, describe(snapshot: Snapshot): string}} Panel
 *   `draw` lays out what is the same at every step of a run, `move` updates the
 *   rest, and `describe` says in words what is shown.
 */
import {
  axes, clear, decadeTicks, extent, integer, key, linePath, panelSvg, percent, roundTicks, s,
  scale, significant, spread, text,
} from "../shared/charts.js";
import { THRESHOLD } from "./trainer.js";

const MARGINS = { left: 48, right: 44, top: 44 };
const MODES = 41; // frequencies shown
/** @param {string} color */
const ink = (color) => `--fp-peak: ${color}`;

/** The followed frequencies that are under the threshold now, as words.
 * @param {Problem} problem @param {Snapshot} snapshot */
export const learnedNow = ({ modes }, { errors }) =>
  modes.filter((_, i) => errors[i] < THRESHOLD).join(", ") || "none";

/** Values at samples and, half-way between, at test points, from left to right.
 * @param {Float64Array} at @param {Float64Array} between */
function interleave(at, between) {
  const all = new Float64Array(at.length + between.length);
  at.forEach((value, i) => { all[2 * i] = value; });
  between.forEach((value, i) => { all[2 * i + 1] = value; });
  return all;
}

/** Steps from 0 to the next round number.
 * @param {number} last @param {Box} box @returns {Scale} */
function stepScale(last, box) {
  const power = 10 ** Math.floor(Math.log10(Math.max(last, 100)));
  const end = ([1, 2, 5].find((m) => m * power >= last) ?? 10) * power;
  return scale([0, end], [box.left, box.right]);
}

/** Put a curve's label beside its end. @param {SVGElement} label @param {number} x @param {number} y */
function moveLabel(label, x, y) {
  label.setAttribute("x", (x + 7).toFixed(1));
  label.setAttribute("y", (y + 4).toFixed(1));
}

/** A box or domain so large that a curve which ends on its edge looks as if it
 * went on: what is drawn in it is clipped.
 * @param {[number, number]} domain @returns {[number, number]} */
const far = ([low, high]) => [low - 20 * (high - low), high + 20 * (high - low)];

/** What of these is within the box: an inner drawing shows no more than fits in it.
 * @param {Box} box @param {SVGElement[]} children */
function clipped({ left, right, top, bottom }, ...children) {
  const [width, height] = [right - left, bottom - top];
  return s("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}` }, ...children);
}

/** Target, samples and output against x.  `scales` is for those who draw in it.
 * @returns {Panel & {scales(): {x: Scale, y: Scale}}} */
export function fitPanel() {
  const svg = panelSvg("fp-fit", "Fit");
  const output = s("path", { class: "fp-output" });
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;
  /** @type {Scale} */
  let beyond; // y, for what is clipped
  /** @type {Float64Array} */
  let points;
  return {
    svg,
    scales: () => ({ x, y }),
    draw(width, problem) {
      const box = clear(svg, width, { ...MARGINS, left: 40, right: 12 });
      const [low, high] = extent(problem.clean, problem.y);
      const half = Math.max(1, 0.65 * (high - low));
      /** @type {[number, number]} */
      const range = problem.range ?? [(low + high) / 2 - half, (low + high) / 2 + half];
      points = interleave(problem.x, problem.testX);
      x = scale(extent(problem.x), [box.left + 4, box.right]);
      y = scale(range, [box.bottom, box.top]);
      beyond = scale(far(range), far([box.bottom, box.top]));
      const noisy = problem.y.some((value, j) => value !== problem.clean[j]);
      const dots = Array.from(problem.x, (at, j) => `M${x(at).toFixed(1)},${beyond(problem.y[j]).toFixed(1)}h0`);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 56)], [y, roundTicks(y, box.bottom - box.top, 40)], "x"),
        text(4, 13, "start", "output"),
        key(box.right, s("path", { class: "fp-target", d: "M-8,0H8" }), s("path", { class: "fp-key-output", d: "M-8,0H8" })),
        clipped({ ...box, right: box.right + 4 }, // the whole last sample
          s("path", { class: "fp-target", d: linePath(problem.x, problem.clean, x, y) }),
          s("path", { class: "fp-sample", d: noisy ? dots.join("") : "" }),
          output));
    },
    move({ outputs, testOutputs }) {
      output.setAttribute("d", linePath(points, interleave(outputs, testOutputs), x, beyond));
    },
    describe: ({ step, loss }) => `Fit at step ${integer(step)}: target and network output against x; ` +
      `root-mean-square difference at the samples ${significant(Math.sqrt(loss))}.`,
  };
}

/** Amplitudes of target and output against frequency. @returns {Panel} */
export function spectrumPanel() {
  const svg = panelSvg("fp-spectrum", "Spectrum");
  /** @type {SVGCircleElement[]} */
  let dots = [];
  /** @type {Scale} */
  let y;
  /** @type {number[]} */
  let shown;
  /** @type {number} */
  let floor;
  /** @type {Problem} */
  let problem;
  /** @param {SVGCircleElement[]} circles @param {Float64Array} amplitudes */
  const place = (circles, amplitudes) => circles.forEach((circle, i) => {
    circle.setAttribute("cy", y(amplitudes[shown[i]]).toFixed(1));
    circle.setAttribute("visibility", amplitudes[shown[i]] >= floor ? "visible" : "hidden");
  });
  return {
    svg,
    draw(width, next, colors) {
      problem = next;
      const { modes, amplitudes } = problem;
      const box = clear(svg, width, { ...MARGINS, left: 40, right: 12 });
      const count = Math.min(amplitudes.length, Math.max(MODES, 1 + (modes.at(-1) ?? 0)));
      shown = Array.from({ length: count - 1 }, (_, i) => i + 1);
      const tallest = Math.max(...shown.map((k) => amplitudes[k])) || 1;
      const lowest = Math.min(tallest, ...modes.map((k) => amplitudes[k]));
      floor = 10 ** Math.floor(Math.log10(Math.max(lowest / 10, tallest * 1e-6)));
      const x = scale([0, count - 1], [box.left, box.right - 4]);
      y = scale([floor, tallest * 2], [box.bottom, box.top], Math.log);
      /** @param {string} name @param {number} radius */
      const marks = (name, radius) => shown.map((k) => {
        const followed = modes.indexOf(k);
        return followed < 0
          ? s("circle", { class: name, cx: x(k), r: radius })
          : s("circle", { class: `${name} fp-peak`, cx: x(k), r: radius + 1.4, style: ink(colors[followed]) });
      });
      const targetDots = marks("fp-spectrum-target", 2.4);
      dots = marks("fp-spectrum-output", 1.7);
      place(targetDots, amplitudes);
      const labels = spread(modes.map((k) => x(k)), 16, [box.left, box.right]);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, decadeTicks(y)], "frequency index k"),
        text(4, 13, "start", "|F[k]|"),
        key(box.right, s("circle", { class: "fp-spectrum-target", r: 2.8, cx: 4 }), s("circle", { class: "fp-key-dot", r: 2.8, cx: 4 })),
        ...modes.flatMap((k, i) => [
          s("path", {
            class: "fp-drop",
            style: ink(colors[i]),
            d: `M${labels[i]},${box.top - 4}L${x(k)},${box.top + 4}V${box.bottom}`,
          }),
          text(labels[i], box.top - 8, "middle", String(k)),
        ]),
        ...targetDots, ...dots);
    },
    move({ amplitudes }) {
      place(dots, amplitudes);
    },
    describe({ step, amplitudes }) {
      const shares = problem.modes.map((k) => `k = ${k}, ${percent(amplitudes[k] / problem.amplitudes[k])}`);
      return `Spectrum at step ${integer(step)}: amplitude of the network as a share of the target at ` +
        `${shares.join("; ") || "no frequency, since the target has no peak"}.`;
    },
  };
}

/** Relative error of each followed frequency against the training step. @returns {Panel} */
export function errorPanel() {
  const svg = panelSvg("fp-error", "Relative error");
  /** @type {Box} */
  let box;
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;
  /** @type {Tick[]} */
  let ticks;
  /** @type {{line: SVGPathElement, dot: SVGCircleElement, label: SVGTextElement}[]} */
  let lines;
  /** @type {SVGElement | null} */
  let frame;
  /** @type {Problem} */
  let problem;
  return {
    svg,
    draw(width, next, colors) {
      problem = next;
      box = clear(svg, width, MARGINS);
      y = scale([0.001, 3], [box.bottom, box.top], Math.log);
      const limit = y(THRESHOLD);
      ticks = decadeTicks(y, percent).map((tick) => ({ ...tick, strong: tick.at === THRESHOLD }));
      lines = problem.modes.map((k, i) => {
        const parts = {
          line: s("path", { class: "fp-error-line" }),
          dot: s("circle", { class: "fp-learned", cy: limit, r: 3.6 }),
          label: text(0, 0, "start", `k=${k}`),
        };
        svg.append(s("g", { style: ink(colors[i]), "data-mode": k }, parts.line, parts.dot, parts.label));
        return parts;
      });
      frame = null;
      svg.append(
        text(4, 13, "start", "relative error Δ", s("tspan", { dy: 3, "font-size": "0.8em" }, "F")),
        s("path", { class: "fp-threshold", d: `M${box.left},${limit}H${box.right}` }));
    },
    move({ step, errors, learned, records }) {
      const steps = [...records.steps, step];
      const next = stepScale(step, box);
      if (!frame || next.domain[1] !== x.domain[1]) {
        x = next;
        frame?.remove();
        frame = axes(box, [x, roundTicks(x, box.right - box.left, 64, integer)], [y, ticks], "training step");
        svg.prepend(frame);
      }
      const order = errors.map((_, i) => i).sort((a, b) => y(errors[a]) - y(errors[b]));
      const labels = spread(order.map((i) => y(errors[i])), 13, [box.top, box.bottom]);
      order.forEach((i, rank) => moveLabel(lines[i].label, x(step), labels[rank]));
      lines.forEach(({ line, dot }, i) => {
        const values = [...records.errors.map((row) => row[i]), errors[i]];
        line.setAttribute("d", linePath(steps, values, x, y));
        dot.setAttribute("visibility", learned[i] === null ? "hidden" : "visible");
        dot.setAttribute("cx", x(learned[i] ?? 0).toFixed(1));
      });
    },
    describe(snapshot) {
      const each = problem.modes.map((k, i) => `k = ${k}, ${percent(snapshot.errors[i])}`);
      const first = problem.modes.map((k, i) => snapshot.learned[i] === null
        ? `k = ${k} not yet` : `k = ${k} at step ${integer(snapshot.learned[i])}`);
      return `Relative error at step ${integer(snapshot.step)}: ${each.join("; ")}. ` +
        `Under ${percent(THRESHOLD)} now: ${learnedNow(problem, snapshot)}. First under it: ${first.join("; ")}.`;
    },
  };
}

/** Loss at the samples and at the test points against the training step. @returns {Panel} */
export function lossPanel() {
  const svg = panelSvg("fp-loss", "Loss");
  const kinds = ["train", "test"].map((name) => ({
    line: s("path", { class: `fp-loss-${name}` }), label: text(0, 0, "start", name),
  }));
  /** @type {Box} */
  let box;
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;
  /** @type {SVGElement | null} */
  let frame;
  return {
    svg,
    draw(width) {
      box = clear(svg, width, MARGINS);
      frame = null;
      svg.append(text(4, 13, "start", "mean squared error"), ...kinds.flatMap(({ line, label }) => [line, label]));
    },
    move({ step, loss, testLoss, records }) {
      const steps = [...records.steps, step];
      const curves = [[...records.losses, loss], [...records.testLosses, testLoss]];
      const [low, high] = extent(...curves.map((values) => values.filter((value) => value > 0 && value < Infinity)));
      const bounds = [low, high * 1.000001].map((value, i) => 10 ** (Math.floor(Math.log10(Math.min(1e12, Math.max(1e-12, value)))) + i));
      const next = stepScale(step, box);
      if (!frame || next.domain[1] !== x.domain[1] || String(bounds) !== String(y.domain)) {
        x = next;
        y = scale([bounds[0], bounds[1]], [box.bottom, box.top], Math.log);
        const decades = decadeTicks(y);
        const ticks = decades.filter((_, i) => i % Math.ceil(decades.length / 7) === 0);
        frame?.remove();
        frame = axes(box, [x, roundTicks(x, box.right - box.left, 64, integer)], [y, ticks], "training step");
        svg.prepend(frame);
      }
      const ends = curves.map((values) => y(values[values.length - 1]));
      const order = [0, 1].sort((a, b) => ends[a] - ends[b]);
      const labels = spread(order.map((i) => ends[i]), 13, [box.top, box.bottom]);
      order.forEach((i, rank) => {
        kinds[i].line.setAttribute("d", linePath(steps, curves[i], x, y));
        moveLabel(kinds[i].label, x(step), labels[rank]);
      });
    },
    describe: ({ step, loss, testLoss }) =>
      `Loss at step ${integer(step)}: ${significant(loss)} at the samples, ${significant(testLoss)} at the test points.`,
  };
}
