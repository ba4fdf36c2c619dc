/**
 * The panels of a run, recorded or going on: the fit, its spectrum, and the relative
 * error of each followed frequency.  `draw` lays out what is the same at every step,
 * `move` or `plot` updates the rest, and `describe` says it in words.
 *
 * @typedef {import("./charts.js").Scale} Scale
 * @typedef {import("./charts.js").Box} Box
 * @typedef {[scale: Scale, ticks: import("./charts.js").Tick[]]} Axis
 * @typedef {ArrayLike<number>} Values
 * @typedef {{x: Values, target: Values, samples: Values, points: Values, range: [number, number],
 *   modes: number[], colors: string[], count: number, spectra: Values[], member: number,
 *   threshold: number, errorRange: [number, number]}} Task
 *   `samples`, if they are not on the target; `points`, where there are outputs; `modes`
 *   followed of `count`; `spectra` of targets on one scale, of which `member` is shown
 * @typedef {{step: number, outputs: Values, amplitudes: Values, errors: Values, loss: number}} Now
 */
import {
  apart, axes, clear, decadeTicks, extent, integer, key, linePath, NAME, namesWidth, panelSvg,
  peakStyle, percent, roundTicks, s, scale, significant, text,
} from "./charts.js";

export const MARGINS = { left: 56, right: 44, top: 44 };
const NARROW = { left: 40, right: 12, top: 44 };

/** A box or domain so large that a curve which ends on its edge looks as if it
 * went on: what is drawn in it is clipped.
 * @param {[number, number]} domain @returns {[number, number]} */
const far = ([low, high]) => [low - 20 * (high - low), high + 20 * (high - low)];

/** @param {number[]} modes @param {(k: number, i: number) => string} word */
const each = (modes, word) => modes.map((k, i) => `k = ${k}${word(k, i)}`).join("; ");

/** The followed frequencies under the threshold, as words.
 * @param {Pick<Task, "modes" | "threshold">} task @param {Values} errors */
export const learned = ({ modes, threshold }, errors) => modes.filter((_, i) => errors[i] < threshold).join(", ") || "none";

/** Target, samples and output against x.  `scales` is for those who draw in it. */
export function fitPanel() {
  const svg = panelSvg("fp-fit", "Fit");
  const output = s("path", { class: "fp-output" });
  /** @type {Record<"x" | "y" | "beyond", Scale>} */
  let scales; // beyond: y, for what is clipped
  /** @type {Values} */
  let points;
  return {
    svg,
    scales: () => scales,
    /** @param {number} width @param {Task} task @param {number} [height] */
    draw(width, task, height) {
      const box = clear(svg, width, NARROW, height);
      const { left, right, top, bottom } = box;
      const x = scale(extent(task.x), [left + 4, right]);
      const y = scale(task.range, [bottom, top]);
      const beyond = scale(far(task.range), far([bottom, top]));
      [scales, points] = [{ x, y, beyond }, task.points];
      const dots = Array.from(task.samples, (value, j) => `M${x(task.x[j]).toFixed(1)},${beyond(value).toFixed(1)}h0`);
      const [wide, high] = [right + 4 - left, bottom - top]; // the whole last sample
      svg.append(
        axes(box, [x, roundTicks(x, right - left, 56)], [y, roundTicks(y, bottom - top, 40)], "x"),
        text(4, 13, "start", "output"),
        key(right, s("path", { class: "fp-target", d: "M-8,0H8" }), s("path", { class: "fp-key-output", d: "M-8,0H8" })),
        s("svg", { x: left, y: top, width: wide, height: high, viewBox: `${left} ${top} ${wide} ${high}` },
          s("path", { class: "fp-target", d: linePath(task.x, task.target, x, y) }),
          s("path", { class: "fp-sample", d: dots.join("") }),
          output));
    },
    /** @param {Now} now */
    move: ({ outputs }) => output.setAttribute("d", linePath(points, outputs, scales.x, scales.beyond)),
    /** @param {Now} now */
    describe: ({ step, loss }) => `Fit at step ${integer(step)}: target and network output against x; ` +
      `root-mean-square difference at the samples ${significant(Math.sqrt(loss))}.`,
  };
}

/** Amplitudes of target and output against frequency. */
export function spectrumPanel() {
  const svg = panelSvg("fp-spectrum", "Spectrum");
  /** @type {SVGCircleElement[]} */
  let dots = [];
  /** @type {Scale} */
  let y;
  /** @type {number[]} */
  let shown;
  /** @type {Task} */
  let task;
  /** @param {SVGCircleElement[]} circles @param {Values} amplitudes */
  const place = (circles, amplitudes) => circles.forEach((circle, i) => {
    circle.setAttribute("cy", y(amplitudes[shown[i]]).toFixed(1));
    circle.setAttribute("visibility", amplitudes[shown[i]] >= y.domain[0] ? "visible" : "hidden");
  });
  return {
    svg,
    /** @param {number} width @param {Task} next @param {number} [height] */
    draw(width, next, height) {
      task = next;
      const box = clear(svg, width, NARROW, height);
      const { modes, count, spectra } = task;
      const first = modes.includes(0) ? 0 : 1; // the mean has no frequency to learn
      shown = Array.from({ length: count - first }, (_, i) => i + first);
      const tallest = Math.max(...spectra.flatMap((amplitudes) => shown.map((k) => amplitudes[k]))) || 1;
      const lowest = Math.min(tallest, ...spectra.flatMap((amplitudes) => modes.map((k) => amplitudes[k])));
      // At least one decade under the lowest peak, but never down to rounding error.
      const floor = 10 ** Math.floor(Math.log10(Math.max(lowest / 10, tallest * 1e-6)));
      const x = scale([0, count - 1], [box.left, box.right - 4]);
      y = scale([floor, tallest * 2], [box.bottom, box.top], Math.log);
      /** A dot per frequency, the followed ones larger and in their own colour.
       * @param {string} name @param {number} r */
      const marks = (name, r) => shown.map((k) => {
        const i = modes.indexOf(k);
        return s("circle", i < 0 ? { class: name, cx: x(k), r }
          : { class: `${name} fp-peak`, cx: x(k), r: r + 1.4, style: peakStyle(task, i) });
      });
      const targetDots = marks("fp-spectrum-target", 2.4);
      dots = marks("fp-spectrum-output", 1.7);
      place(targetDots, spectra[task.member]);
      const labels = apart(modes.map(x), 16, [box.left, box.right]);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, decadeTicks(y)], "frequency index k"),
        text(4, 13, "start", "|F[k]|"),
        key(box.right, s("circle", { class: "fp-spectrum-target", r: 2.8, cx: 4 }), s("circle", { class: "fp-key-dot", r: 2.8, cx: 4 })),
        ...modes.flatMap((k, i) => [
          s("path", { class: "fp-drop", style: peakStyle(task, i), d: `M${labels[i]},${box.top - 4}L${x(k)},${box.top + 4}V${box.bottom}` }),
          text(labels[i], box.top - 8, "middle", String(k)),
        ]),
        ...targetDots, ...dots);
    },
    /** @param {Now} now */
    move: ({ amplitudes }) => place(dots, amplitudes),
    /** @param {Now} now */
    describe({ step, amplitudes }) {
      const shares = each(task.modes, (k) => `, ${percent(amplitudes[k] / task.spectra[task.member][k])}`);
      return `Spectrum at step ${integer(step)}: amplitude of the network as a share of the target at ` +
        `${shares || "no frequency, since the target has no peak"}.`;
    },
  };
}

/** Relative error of each followed frequency against training step. */
export function errorPanel() {
  const svg = panelSvg("fp-error", "Relative error");
  const curves = s("g");
  /** @type {ReturnType<typeof growing>} */
  let frame;
  /** @type {Scale} */
  let y;
  /** @type {Task} */
  let task;
  return {
    svg,
    /** @param {number} width @param {Task} next @param {number} [height] */
    draw(width, next, height) {
      task = next;
      const right = Math.max(MARGINS.right, namesWidth(svg, task.modes.map((k) => `k=${k}`)));
      const box = clear(svg, width, { ...MARGINS, right }, height);
      y = scale(task.errorRange, [box.bottom, box.top], Math.log);
      const limit = y(task.threshold);
      const ticks = decadeTicks(y, percent).filter(({ at }) => Math.abs(y(at) - limit) > 12);
      ticks.push({ at: task.threshold, label: percent(task.threshold), strong: true });
      frame = growing(svg, box, () => [y, ticks]);
      svg.append(text(4, 13, "start", "relative error Δ", s("tspan", { dy: 3, "font-size": "0.8em" }, "F")),
        s("path", { class: "fp-threshold", d: `M${box.left},${limit}H${box.right}` }), curves);
      return box;
    },
    /** Each curve with its label, and the point where it is first learned.
     * @param {Axis} axis @param {Values} steps @param {number[][]} errors
     * @param {([step: number, error: number] | null)[]} first */
    plot(axis, steps, errors, first) {
      frame(axis);
      const [x] = axis;
      const end = x(steps[steps.length - 1]);
      const ends = errors.map((values) => y(values[values.length - 1]));
      const labels = apart(ends, 13, [y(y.domain[1]), y(y.domain[0])]);
      curves.replaceChildren(...task.modes.map((k, i) => {
        const at = first[i];
        return s("g", { style: peakStyle(task, i), "data-mode": k },
          s("path", { class: "fp-error-line", d: linePath(steps, errors[i], x, y) }),
          s("path", { class: "fp-leader", d: `M${end + 1},${ends[i]}L${end + 9},${labels[i]}` }),
          s("text", { class: "fp-end", x: end + NAME, y: labels[i] + 4 }, `k=${k}`),
          at ? s("circle", { class: "fp-learned", cx: x(at[0]), cy: y(at[1]), r: 3.6 },
            s("title", {}, `k = ${k} first under ${percent(task.threshold)} at step ${integer(at[0])}`)) : "");
      }));
    },
    /** @param {Now & {learned?: (number | null)[]}} now */
    describe({ step, errors, learned: steps }) {
      const first = steps && each(task.modes, (_, i) => (steps[i] === null ? " not yet" : ` at step ${integer(Number(steps[i]))}`));
      return `Relative error at step ${integer(step)}: ${each(task.modes, (_, i) => `, ${percent(errors[i])}`)}. ` +
        `Under ${percent(task.threshold)}${first ? " now" : ""}: ${learned(task, errors)}.${first ? ` First under it: ${first}.` : ""}`;
    },
  };
}

/** Axes over training steps that are drawn anew when their ends change.
 * @param {SVGElement} svg @param {Box} box @param {() => Axis} vertical */
export function growing(svg, box, vertical) {
  let [ends, frame] = ["", s("g")];
  /** @param {Axis} x */
  return (x) => {
    const y = vertical();
    const now = `${x[0].domain} ${y[0].domain}`;
    if (now === ends) return;
    ends = now;
    frame.remove();
    svg.prepend(frame = axes(box, x, y, "training step"));
  };
}

/** What a button shows that starts and stops. */
export function playIcon() {
  const path = s("path");
  return {
    icon: s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, path),
    /** @param {HTMLElement} button @param {boolean} playing */
    turn(button, playing) {
      button.setAttribute("aria-label", playing ? "Pause" : "Play");
      path.setAttribute("d", playing ? "M3,2h3.5v12H3zM9.5,2H13v12H9.5z" : "M3.5,1.5L14,8L3.5,14.5z");
    },
  };
}
