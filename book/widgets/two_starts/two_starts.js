/**
 * Same points, two networks: one starts from small weights, the other from large ones.  Both train
 * in the page until they fit the points, which the reader moves up and down; below are their
 * spectra, with the Nyquist frequency of the points.
 *
 * `start.js` has the networks.  Whoever moves a point sees both begin anew from their first weights.
 *
 * @typedef {{y: number[], stds: [number, number], colors: string[]}} Data  one colour for each frequency from 1 on
 * @typedef {import("../shared/rebuilding.js").Model<{data: Data}>} Model
 * @typedef {ReturnType<typeof start>} Start
 * @typedef {{outputs: ArrayLike<number>, sizes: Float64Array}} Curve
 */
import { axes, clear, h, integer, linePath, panelSvg, percent, roundTicks, s, scale, text, widthOf } from "../shared/charts.js";
import { draggable } from "../shared/dragging.js";
import { rebuilding } from "../shared/rebuilding.js";
import { nyquist, places, shareAbove, start } from "./start.js";

const RATE = 120; // steps a second, so that one sees them go
const MOST = 12; // steps a frame, so that a slow page still answers
const REDUCED = 500; // milliseconds between two drawings, where a reader wants little motion
const LIMIT = 1; // of the points' heights
/** @type {[number, number]} */
const RANGE = [-2, 2];
const TALLEST = 0.6; // amplitude shown
const MARGINS = { left: 40, right: 12, top: 28 };
const NAMES = ["small", "large"];
/** How far keys move a point. @type {Record<string, number>} */
const UP = { ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.25, PageDown: -0.25 };

/** @param {number} value */
const limited = (value) => Math.min(LIMIT, Math.max(-LIMIT, value));
/** @param {number} value */
const signed = (value) => value.toFixed(2).replace("-", "−");

/** What a network is doing, in words.  A curve that is still on its way has no share worth telling.
 * @param {string} name @param {Pick<Start, "step" | "fitted">} run @param {number} share  of its power above Nyquist */
export const said = (name, { step, fitted }, share) => (fitted
  ? `${name} start: fitted at step ${integer(step)}, ${percent(share)} of its power above Nyquist`
  : `${name} start: step ${integer(step)}, not fitted yet`);

/** The points, and the curves of both networks.
 * @param {number} count  of points @param {(j: number, height: number) => void} place */
function plane(count, place) {
  const svg = s("svg", { class: "fp-panel fp-plane", role: "group", "aria-label": "Points to move up and down, and two networks trained on them" });
  const lines = NAMES.map((name) => s("path", { class: `fp-curve fp-${name}-start` }));
  const inside = s("svg", { "aria-hidden": "true" }, lines[1], lines[0]);
  const xs = places(count);
  /** @type {number[]} */
  let heights = [];
  /** @type {import("../shared/charts.js").Box} */
  let box;
  /** @type {Record<"x" | "y", import("../shared/charts.js").Scale>} */
  let scales;

  const points = Array.from(xs, (_, j) => {
    const point = s("g", { class: "fp-point", tabindex: "0", role: "slider", "aria-label": `point ${j + 1} of ${count}`,
      "aria-orientation": "vertical", "aria-valuemin": -LIMIT, "aria-valuemax": LIMIT },
    s("circle", { class: "fp-reach", r: 16 }), s("circle", { class: "fp-dot", r: 6 }));
    draggable(point, (event) => {
      const share = (box.bottom - (event.clientY - svg.getBoundingClientRect().top)) / (box.bottom - box.top);
      place(j, limited(RANGE[0] + share * (RANGE[1] - RANGE[0])));
    });
    point.addEventListener("keydown", (event) => {
      const step = UP[event.key];
      if (!step) return;
      event.preventDefault();
      place(j, limited(heights[j] + step));
    });
    return point;
  });

  return {
    svg,
    /** @param {number} width */
    draw(width) {
      box = clear(svg, width, { ...MARGINS, top: 10 }, Math.round(Math.min(300, Math.max(230, width * 0.42))));
      const { left, right, top, bottom } = box;
      scales = { x: scale([-1, 1], [left + 8, right - 8]), y: scale(RANGE, [bottom, top]) };
      const [wide, high] = [right - left, bottom - top];
      for (const [name, value] of Object.entries({ x: left, y: top, width: wide, height: high, viewBox: `${left} ${top} ${wide} ${high}` })) {
        inside.setAttribute(name, String(value));
      }
      svg.append(axes(box, [scales.x, roundTicks(scales.x, wide, 80)], [scales.y, roundTicks(scales.y, high, 40)], "x"), inside, ...points);
    },
    /** @param {number[]} next  heights of the points @param {Float64Array} at @param {Curve[]} curves */
    move(next, at, curves) {
      heights = next;
      const { x, y } = scales;
      const [low, high] = RANGE.map((value) => y(0) + 20 * (y(value) - y(0)));
      const beyond = scale([20 * RANGE[0], 20 * RANGE[1]], [low, high]); // curves are cut off, not laid on the edge
      curves.forEach(({ outputs }, i) => lines[i].setAttribute("d", linePath(at, outputs, x, beyond)));
      points.forEach((point, j) => {
        point.setAttribute("transform", `translate(${x(xs[j]).toFixed(1)},${y(heights[j]).toFixed(1)})`);
        point.setAttribute("aria-valuenow", heights[j].toFixed(2));
        point.setAttribute("aria-valuetext", `x ${signed(xs[j])}, height ${signed(heights[j])}`);
      });
    },
  };
}

/** The spectrum of one network's curve.
 * @param {string} name @param {string[]} colors @param {number} limit  the points' Nyquist frequency */
function spectrumPanel(name, colors, limit) {
  const svg = panelSvg("fp-start-spectrum", `Spectrum of the ${name} start`);
  const bars = colors.map((color) => s("path", { class: "fp-stem", style: `--fp-peak: ${color}` }));
  /** @type {Record<"x" | "y", import("../shared/charts.js").Scale>} */
  let scales;
  return {
    svg,
    /** @param {number} width */
    draw(width) {
      const box = clear(svg, width, MARGINS, 176);
      const { left, right, top, bottom } = box;
      const x = scale([0, colors.length + 0.5], [left, right]);
      const y = scale([0, TALLEST], [bottom, top]);
      scales = { x, y };
      const from = x(limit);
      svg.append(
        s("rect", { class: "fp-unseen", x: from, y: top, width: right - from, height: bottom - top }),
        axes(box, [x, roundTicks(x, right - left, 40)], [y, roundTicks(y, bottom - top, 36)], "frequency index k"),
        text(4, 13, "start", `|F[k]|, ${name} start`),
        s("path", { class: "fp-threshold", d: `M${from},${bottom}V${top}` }),
        text(from + 5, top + 11, "start", "above Nyquist"), ...bars);
    },
    /** @param {Start} run @param {Float64Array} sizes */
    move(run, sizes) {
      const { x, y } = scales;
      bars.forEach((bar, i) => bar.setAttribute("d", `M${x(i + 1).toFixed(1)},${y(0)}V${y(sizes[i + 1]).toFixed(1)}`));
      svg.setAttribute("aria-label", `Spectrum of the ${said(name, run, shareAbove(sizes, limit))}. The Nyquist frequency is ${limit}.`);
    },
  };
}

/** Build the widget for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const { y, stds, colors } = model.get("data");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const heights = [...y];
  const limit = nyquist(heights.length);
  let [seed, playing, request, owed, before, drawnAt] = [0, false, 0, 0, 0, 0];
  /** @type {Start[]} */
  let runs = [];

  const upper = plane(heights.length, (j, height) => {
    heights[j] = height;
    begin();
    play(true);
  });
  const spectra = NAMES.map((name) => spectrumPanel(name, colors, limit));
  const button = h("button", { type: "button", className: "fp-again" });
  const key = h("div", { className: "fp-legend" }, ...NAMES.map((name, i) => h("span", {},
    s("svg", { width: 26, height: 10, "aria-hidden": "true" }, s("path", { class: `fp-curve fp-${name}-start`, d: "M1,5H25" })),
    `${name} first weights, std ${stds[i]}`)));
  const readout = h("output", { className: "fp-readout" });
  const grid = h("div", { className: "fp-start-spectra" }, ...spectra.map(({ svg }) => svg));
  const root = h("div", { className: "fp-two-starts" }, h("div", { className: "fp-controls" }, button, key, readout), upper.svg, grid);
  root.dataset.lmSuppressShortcuts = "true"; // the arrow keys are not a notebook's shortcuts

  const finished = () => runs.every(({ fitted }) => fitted);

  /** Both networks at their first weights. */
  function begin() {
    runs = stds.map((std) => start(heights, { std, seed }));
    owed = 0;
  }

  /** @param {boolean} on */
  function play(on) {
    playing = on && !finished();
    before = performance.now();
    if (playing) request ||= requestAnimationFrame(frame);
    else show();
  }

  /** @param {number} now */
  function frame(now) {
    request = 0;
    owed = Math.min(MOST, owed + (RATE * Math.max(0, now - before)) / 1000);
    before = now;
    const steps = Math.floor(owed);
    owed -= steps;
    if (playing) for (const run of runs) run.train(steps);
    if (finished()) playing = false;
    if (!playing || !calm || now - drawnAt > REDUCED) {
      drawnAt = now;
      show();
    }
    if (playing) request ||= requestAnimationFrame(frame);
  }

  /** Draw both networks as they are now, and say it. */
  function show() {
    const curves = runs.map((run) => run.curve());
    button.textContent = playing ? "Pause" : finished() ? "Again, other weights" : "Start";
    readout.setAttribute("aria-live", playing ? "off" : "polite");
    const words = NAMES.map((name, i) => said(name, runs[i], shareAbove(curves[i].sizes, limit)));
    readout.replaceChildren(h("span", {}, `${heights.length} points, ${integer(runs[0].parameters)} parameters each.`),
      ...words.map((part) => h("span", {}, `${part[0].toUpperCase()}${part.slice(1)}.`)));
    if (!upper.svg.firstChild) return;
    upper.move(heights, runs[0].places, curves);
    spectra.forEach((panel, i) => panel.move(runs[i], curves[i].sizes));
  }

  button.addEventListener("click", () => {
    if (!playing && finished()) {
      seed += 1;
      begin();
    }
    play(!playing);
  });
  let width = 0;
  const observer = new ResizeObserver(() => {
    const measured = widthOf(upper.svg);
    if (measured === width || !measured) return;
    width = measured;
    upper.draw(width);
    for (const panel of spectra) panel.draw(widthOf(panel.svg));
    show();
  });
  begin();
  el.append(root);
  show();
  observer.observe(root);
  return () => {
    cancelAnimationFrame(request);
    observer.disconnect();
    root.remove();
  };
}

export default rebuilding(build);
