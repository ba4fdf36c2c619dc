/**
 * The panels of a run, be it recorded or going on: the fit, its spectrum, and the
 * relative error of each followed frequency.  `draw` lays out what is the same at
 * every step, other functions update the rest, and `describe` says it in words.
 *
 * @typedef {import("./charts.js").Scale} Scale
 * @typedef {import("./charts.js").Box} Box
 * @typedef {import("./charts.js").Tick} Tick
 * @typedef {{modes: number[], colors: string[]}} Followed  frequencies, and the colour of each
 */
import {
  apart, axes, clear, decadeTicks, extent, integer, key, linePath, panelSvg, peakStyle, percent, roundTicks, s,
  scale, significant, text,
} from "./charts.js";

export const MARGINS = { left: 48, right: 44, top: 44 };
const NARROW = { left: 40, right: 12, top: 44 };

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

/** Numbers of each frequency, as words. @param {number[]} modes @param {(i: number) => string} word */
const each = (modes, word) => modes.map((k, i) => `k = ${k}${word(i)}`).join("; ");

/** The followed frequencies whose error is under the threshold, as words.
 * @param {number[]} modes @param {ArrayLike<number>} errors @param {number} threshold */
export const learned = (modes, errors, threshold) => modes.filter((_, i) => errors[i] < threshold).join(", ") || "none";

/** Target, samples and output against x.  `scales` is for those who draw in it. */
export function fitPanel() {
  const svg = panelSvg("fp-fit", "Fit");
  const output = s("path", { class: "fp-output" });
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;
  /** @type {Scale} */
  let beyond; // y, for what is clipped
  return {
    svg,
    scales: () => ({ x, y }),
    /** @param {number} width @param {ArrayLike<number>} at @param {ArrayLike<number>} target
     * @param {[number, number]} range @param {ArrayLike<number>} samples  if they are not on the target */
    draw(width, at, target, range, samples = []) {
      const box = clear(svg, width, NARROW);
      x = scale(extent(at), [box.left + 4, box.right]);
      y = scale(range, [box.bottom, box.top]);
      beyond = scale(far(range), far([box.bottom, box.top]));
      const dots = Array.from(samples, (value, j) => `M${x(at[j]).toFixed(1)},${beyond(value).toFixed(1)}h0`);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 56)], [y, roundTicks(y, box.bottom - box.top, 40)], "x"),
        text(4, 13, "start", "output"),
        key(box.right, s("path", { class: "fp-target", d: "M-8,0H8" }), s("path", { class: "fp-key-output", d: "M-8,0H8" })),
        clipped({ ...box, right: box.right + 4 }, // the whole last sample
          s("path", { class: "fp-target", d: linePath(at, target, x, y) }),
          s("path", { class: "fp-sample", d: dots.join("") }),
          output));
    },
    /** @param {ArrayLike<number>} at @param {ArrayLike<number>} outputs */
    move: (at, outputs) => output.setAttribute("d", linePath(at, outputs, x, beyond)),
    /** @param {number} step @param {number} loss  mean squared difference @param {string} where */
    describe: (step, loss, where = "") => `Fit at step ${integer(step)}: target and network output against x; ` +
      `root-mean-square difference ${where}${significant(Math.sqrt(loss))}.`,
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
  /** @type {ArrayLike<number>} */
  let target;
  /** @type {number[]} */
  let modes;
  /** @param {SVGCircleElement[]} circles @param {ArrayLike<number>} amplitudes */
  const place = (circles, amplitudes) => circles.forEach((circle, i) => {
    circle.setAttribute("cy", y(amplitudes[shown[i]]).toFixed(1));
    circle.setAttribute("visibility", amplitudes[shown[i]] >= y.domain[0] ? "visible" : "hidden");
  });
  return {
    svg,
    /** @param {number} width @param {Followed} followed @param {number} count  of frequencies shown
     * @param {ArrayLike<number>[]} targets  that share a scale @param {number} member  the one shown */
    draw(width, followed, count, targets, member = 0) {
      const box = clear(svg, width, NARROW);
      ({ modes } = followed);
      target = targets[member];
      const first = modes.includes(0) ? 0 : 1; // the mean has no frequency to learn
      shown = Array.from({ length: count - first }, (_, i) => i + first);
      const tallest = Math.max(...targets.flatMap((amplitudes) => shown.map((k) => amplitudes[k]))) || 1;
      const lowest = Math.min(tallest, ...targets.flatMap((amplitudes) => modes.map((k) => amplitudes[k])));
      // At least one decade under the lowest peak, but never down to rounding error.
      const floor = 10 ** Math.floor(Math.log10(Math.max(lowest / 10, tallest * 1e-6)));
      const x = scale([0, count - 1], [box.left, box.right - 4]);
      y = scale([floor, tallest * 2], [box.bottom, box.top], Math.log);
      /** A dot per frequency, the followed ones larger and in their own colour.
       * @param {string} name @param {number} r */
      const marks = (name, r) => shown.map((k) => {
        const i = modes.indexOf(k);
        return s("circle", i < 0 ? { class: name, cx: x(k), r }
          : { class: `${name} fp-peak`, cx: x(k), r: r + 1.4, style: peakStyle(followed, i) });
      });
      const targetDots = marks("fp-spectrum-target", 2.4);
      dots = marks("fp-spectrum-output", 1.7);
      place(targetDots, target);
      const labels = apart(modes.map(x), [box.left, box.right], 16);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, decadeTicks(y)], "frequency index k"),
        text(4, 13, "start", "|F[k]|"),
        key(box.right, s("circle", { class: "fp-spectrum-target", r: 2.8, cx: 4 }), s("circle", { class: "fp-key-dot", r: 2.8, cx: 4 })),
        ...modes.flatMap((k, i) => [
          s("path", {
            class: "fp-drop",
            style: peakStyle(followed, i),
            d: `M${labels[i]},${box.top - 4}L${x(k)},${box.top + 4}V${box.bottom}`,
          }),
          text(labels[i], box.top - 8, "middle", String(k)),
        ]),
        ...targetDots, ...dots);
    },
    /** @param {ArrayLike<number>} amplitudes */
    move: (amplitudes) => place(dots, amplitudes),
    /** @param {number} step @param {ArrayLike<number>} amplitudes */
    describe: (step, amplitudes) =>
      `Spectrum at step ${integer(step)}: amplitude of the network as a share of the target at ` +
      `${each(modes, (i) => `, ${percent(amplitudes[modes[i]] / target[modes[i]])}`) || "no frequency, since the target has no peak"}.`,
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
  /** @type {Followed} */
  let followed;
  /** @type {number} */
  let threshold;
  return {
    svg,
    /** @param {number} width @param {Followed} now @param {number} limit @param {[number, number]} range */
    draw(width, now, limit, range) {
      [followed, threshold] = [now, limit];
      const box = clear(svg, width, MARGINS);
      y = scale(range, [box.bottom, box.top], Math.log);
      const at = y(threshold);
      const ticks = decadeTicks(y, percent).filter((tick) => Math.abs(y(tick.at) - at) > 12);
      ticks.push({ at: threshold, label: percent(threshold), strong: true });
      frame = growing(svg, box, () => [y, ticks]);
      svg.append(text(4, 13, "start", "relative error Δ", s("tspan", { dy: 3, "font-size": "0.8em" }, "F")),
        s("path", { class: "fp-threshold", d: `M${box.left},${at}H${box.right}` }), curves);
      return box;
    },
    /** Each curve with its label, and the point where it is first learned.
     * @param {[scale: Scale, ticks: Tick[]]} axis @param {ArrayLike<number>} steps @param {number[][]} errors
     * @param {([step: number, error: number] | null)[]} first */
    plot(axis, steps, errors, first) {
      frame(axis);
      const x = axis[0];
      const end = x(steps[steps.length - 1]);
      const ends = errors.map((values) => y(values[values.length - 1]));
      const labels = apart(ends, [y.domain[1], y.domain[0]].map(y));
      curves.replaceChildren(...followed.modes.map((k, i) => {
        const group = s("g", { style: peakStyle(followed, i), "data-mode": k },
          s("path", { class: "fp-error-line", d: linePath(steps, errors[i], x, y) }),
          s("path", { class: "fp-leader", d: `M${end + 1},${ends[i]}L${end + 9},${labels[i]}` }),
          text(end + 11, labels[i] + 4, "start", `k=${k}`));
        const at = first[i];
        if (at) {
          group.append(s("circle", { class: "fp-learned", cx: x(at[0]), cy: y(at[1]), r: 3.6 },
            s("title", {}, `k = ${k} first under ${percent(threshold)} at step ${integer(at[0])}`)));
        }
        return group;
      }));
    },
    /** @param {number} step @param {ArrayLike<number>} errors */
    describe: (step, errors) =>
      `Relative error at step ${integer(step)}: ${each(followed.modes, (i) => `, ${percent(errors[i])}`)}. ` +
      `Under ${percent(threshold)} now: ${learned(followed.modes, errors, threshold)}.`,
    /** @param {(number | null)[]} first */
    describeFirst: (first) => ` First under it: ${each(followed.modes, (i) => {
      const step = first[i];
      return step === null ? " not yet" : ` at step ${integer(step)}`;
    })}.`,
  };
}

/** Axes over training steps that are drawn anew when their ends change.
 * @param {SVGElement} svg @param {Box} box @param {() => [scale: Scale, ticks: Tick[]]} vertical */
export function growing(svg, box, vertical) {
  let [ends, frame] = ["", s("g")];
  /** @param {[scale: Scale, ticks: Tick[]]} horizontal */
  return (horizontal) => {
    const [x, y] = [horizontal, vertical()];
    const now = `${x[0].domain} ${y[0].domain}`;
    if (now === ends) return;
    ends = now;
    frame.remove();
    frame = axes(box, x, y, "training step");
    svg.prepend(frame);
  };
}
