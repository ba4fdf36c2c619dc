/**
 * Interpolants through points that the reader moves, by mouse, touch or keys.
 *
 * Two uses, told apart by the data: several curves through the same points
 * (polynomial, straight lines, cubic spline), or one curve, the kinked cubic
 * spline, that a slider leads from the cubic to the linear spline, with the
 * jumps of its derivatives beside it.  Everything is solved in the browser.
 *
 * The module has no host of its own: `render({model, el})` needs a model with
 * `get("data")`, so the same file serves a notebook and a static page.
 *
 * @typedef {{x: number[], y: number[], domain: [number, number],
 *   range: [number, number], curves: Name[], slider: Sizes | null}} Data
 * @typedef {{low: number, high: number, value: number}} Sizes
 *   log10 of the largest initial weight
 * @typedef {import("../shared/rebuilding.js").Model<{data: Data}>} Model
 * @typedef {"polynomial"|"linear"|"cubic"|"kinked"} Name
 * @typedef {(x: number) => number} Curve
 * @typedef {import("../shared/charts.js").Scale & {back(pixel: number): number}} Scale  data to pixels, and back
 */

import { axes, h, panelSvg, roundTicks, s, slider, text } from "../shared/charts.js";
import { draggable } from "../shared/dragging.js";
import { rebuilding } from "../shared/rebuilding.js";

const SAMPLES = 400;
const SLIDER_STEPS = 100;
/** @type {Record<string, [x: number, y: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

// --- interpolation ---------------------------------------------------------

/** Solve a linear system by elimination with partial pivoting.
 * @param {number[][]} matrix @param {number[]} right @returns {number[]} */
export function solve(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const solution = new Array(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let rest = rows[k][n];
    for (let j = k + 1; j < n; j++) rest -= rows[k][j] * solution[j];
    solution[k] = rest / rows[k][k];
  }
  return solution;
}

/** The kinked cubic spline Σ c (A|d|³/12 − B|d|/2) + p + qx with Σc = Σcx = 0;
 * B = 0 is the natural cubic spline, A = 0 the linear one.
 * @param {number[]} x @param {number[]} y @param {number} cubic A @param {number} linear B
 * @returns {{at: Curve, kinks: number[], thirdJumps: number[]}} with the jumps of T′, T‴ */
export function kinkedSpline(x, y, cubic, linear) {
  const [a, b] = [cubic / (cubic + linear), linear / (cubic + linear)];
  /** @param {number} d */
  const kernel = (d) => (a * Math.abs(d) ** 3) / 12 - (b * Math.abs(d)) / 2;
  const matrix = x.map((xi) => [...x.map((xj) => kernel(xi - xj)), 1, xi]);
  matrix.push([...x.map(() => 1), 0, 0], [...x, 0, 0]);
  const solved = solve(matrix, [...y, 0, 0]);
  const weights = solved.slice(0, x.length);
  const [p, q] = solved.slice(x.length);
  return {
    at: (at) => weights.reduce((sum, c, i) => sum + c * kernel(at - x[i]), p + q * at),
    kinks: weights.map((c) => -b * c),
    thirdJumps: weights.map((c) => a * c),
  };
}

/** The polynomial through all points, by Newton's divided differences.
 * @param {number[]} x @param {number[]} y @returns {Curve} */
export function polynomial(x, y) {
  const c = [...y];
  for (let order = 1; order < x.length; order++) {
    for (let i = x.length - 1; i >= order; i--) c[i] = (c[i] - c[i - 1]) / (x[i] - x[i - order]);
  }
  return (at) => c.reduceRight((sum, coefficient, i) => sum * (at - x[i]) + coefficient, 0);
}

/** Straight lines between neighbouring points, and on beyond the ends as at the ends.
 * @param {number[]} x @param {number[]} y @returns {Curve} */
export function linearSpline(x, y) {
  return (at) => {
    const right = x.findIndex((xi) => xi >= at);
    const i = right < 0 ? x.length - 1 : Math.max(right, 1);
    return y[i - 1] + ((y[i] - y[i - 1]) * (at - x[i - 1])) / (x[i] - x[i - 1]);
  };
}

/** How far a curve goes up and down between the outer points, over how far the points do.
 * @param {Curve} curve @param {number[]} x @param {number[]} y */
export function variation(curve, x, y) {
  /** @param {number[]} values */
  const travelled = (values) => values.slice(1).reduce((sum, v, i) => sum + Math.abs(v - values[i]), 0);
  const [first, last] = [x[0], x[x.length - 1]];
  const even = Array.from({ length: SAMPLES + 1 }, (_, i) => first + ((last - first) * i) / SAMPLES);
  const places = [...even, ...x].sort((p, q) => p - q);
  return travelled(places.map(curve)) / (travelled(y) || 1);
}

/** @type {Record<Name, {word: string, make?: (x: number[], y: number[]) => Curve}>} */
const CURVES = {
  polynomial: { word: "polynomial", make: polynomial },
  linear: { word: "straight lines", make: linearSpline },
  cubic: { word: "cubic spline", make: (x, y) => kinkedSpline(x, y, 1, 0).at },
  kinked: { word: "network's limit" },
};

/** A and B for weights w and r that are both even on ±size.
 * @type {(size: number) => [cubic: number, linear: number]} */
const coefficients = (size) => [(2 * size ** 2) / 3, size ** 4 / 9];

// --- drawing ---------------------------------------------------------------

/** @param {number} value @param {number} digits */
const signed = (value, digits) => value.toFixed(digits).replace("-", "−");
/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
/** @param {number[]} values */
const largest = (values) => Math.max(...values.map(Math.abs));
/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {[number, number]} domain @param {[number, number]} range @returns {Scale} */
function scale([low, high], [from, to]) {
  /** @param {number} value */
  const place = (value) => from + ((to - from) * (value - low)) / (high - low);
  /** @param {number} pixel */
  const back = (pixel) => low + ((high - low) * (pixel - from)) / (to - from);
  return Object.assign(place, { back, domain: /** @type {[number, number]} */ ([low, high]) });
}

/** Jumps of a derivative at the knots, as bars against the largest they can be. @param {string} label */
function jumpPanel(label) {
  const svg = panelSvg("fp-jumps", label);
  return {
    svg,
    /** @param {number} width @param {[number, number]} domain @param {number[]} x
     * @param {number[]} jumps @param {number} most */
    draw(width, domain, x, jumps, most) {
      const height = 96;
      const box = { left: 40, right: width - 12, top: 26, bottom: height - 8 };
      const across = scale(domain, [box.left, box.right]);
      const middle = (box.top + box.bottom) / 2;
      /** @param {number} value */
      const up = (value) => ((box.bottom - box.top) / 2) * clamp(value / (most || 1), -1, 1);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", String(height));
      svg.replaceChildren(
        text(4, 14, "start", label),
        s("g", { class: "fp-axes" }, s("path", { d: `M${box.left},${middle}H${box.right}` })),
        ...jumps.map((jump, i) => s("path", { class: "fp-jump", d: `M${across(x[i])},${middle}v${-up(jump)}` })));
      svg.setAttribute("aria-label", `${label}: ${jumps.map((jump) => percent(jump / (most || 1))).join(", ")} of the largest possible.`);
    },
  };
}

let clips = 0; // so that no two clip paths have one name

/** Build the widget for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const data = model.get("data");
  const { domain, range, curves, slider: sizes } = data;
  const gap = 0.02 * (domain[1] - domain[0]);
  let [x, y] = [data.x, data.y];
  let width = 0;
  /** @type {Scale} */
  let across;
  /** @type {Scale} */
  let up;

  const svg = s("svg", { class: "fp-panel fp-plane", role: "group", "aria-label": "Points to move, and the curves through them" });
  const lines = Object.fromEntries(curves.map((name) => [name, s("path", { class: `fp-curve fp-${name}` })]));
  const points = data.x.map((_, i) => {
    const point = s("g", { class: "fp-point", tabindex: "0", role: "slider", "aria-label": `point ${i + 1} of ${data.x.length}`,
      "aria-valuemin": range[0], "aria-valuemax": range[1] },
    s("circle", { class: "fp-reach", r: 20 }), s("circle", { class: "fp-dot", r: 6 }));
    draggable(point, (event) => {
      const corner = svg.getBoundingClientRect();
      place(i, across.back(event.clientX - corner.left), up.back(event.clientY - corner.top));
    });
    point.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.05 : 0.01;
      const move = ARROWS[event.key];
      if (!move) return;
      event.preventDefault();
      place(i, x[i] + move[0] * step * (domain[1] - domain[0]), y[i] + move[1] * step * (range[1] - range[0]));
    });
    return point;
  });

  const key = h("div", { className: "fp-legend" }, ...curves.map((name) => h("span", {},
    s("svg", { width: 26, height: 10, "aria-hidden": "true" }, s("path", { class: `fp-curve fp-${name}`, d: "M1,5H25" })),
    CURVES[name].word)));
  const readout = h("output", { className: "fp-readout" });
  const again = h("button", { type: "button", className: "fp-again" }, "Start again");
  const size = slider("initial weights", SLIDER_STEPS, move);
  const controls = h("div", { className: "fp-controls" });
  if (sizes) controls.append(size.element);
  controls.append(again, readout);
  const panels = sizes ? [jumpPanel("kinks, jumps of T′"), jumpPanel("jumps of T‴")] : [];
  const grid = h("div", { className: "fp-jump-panels" }, ...panels.map((panel) => panel.svg));
  const root = h("div", { className: "fp-splines" }, controls, key, svg, ...(sizes ? [grid] : []));
  root.dataset.lmSuppressShortcuts = "true"; // the arrow keys are not a notebook's shortcuts

  /** @param {Sizes} sizes */
  const weightSize = ({ low, high }) => 10 ** (low + ((high - low) * size.input.valueAsNumber) / SLIDER_STEPS);

  /** Move a point, between its neighbours and within the panel.
   * @param {number} i @param {number} toX @param {number} toY */
  function place(i, toX, toY) {
    x[i] = clamp(toX, i ? x[i - 1] + gap : domain[0], i < x.length - 1 ? x[i + 1] - gap : domain[1]);
    y[i] = clamp(toY, range[0], range[1]);
    move();
  }

  /** Redraw what depends on the points and the slider. */
  function move() {
    /** @type {Record<string, Curve>} */
    const made = {};
    for (const name of curves) {
      const { make } = CURVES[name];
      if (make) made[name] = make(x, y);
    }
    let words;
    if (sizes) {
      const weight = weightSize(sizes);
      const now = kinkedSpline(x, y, ...coefficients(weight));
      made.kinked = now.at;
      const most = [largest(kinkedSpline(x, y, 0, 1).kinks), largest(kinkedSpline(x, y, 1, 0).thirdJumps)];
      const label = `up to ±${weight.toPrecision(2)}`;
      size.input.setAttribute("aria-valuetext", label);
      words = `weights ${label} · largest kink ${percent(largest(now.kinks) / (most[0] || 1))} of the linear spline's · ` +
        `largest jump of T‴ ${percent(largest(now.thirdJumps) / (most[1] || 1))} of the cubic spline's`;
      if (width) {
        const each = Math.floor(panels[0].svg.getBoundingClientRect().width);
        panels[0].draw(each, domain, x, now.kinks, most[0]);
        panels[1].draw(each, domain, x, now.thirdJumps, most[1]);
      }
    } else {
      const travelled = curves.map((name) => `${CURVES[name].word} ${variation(made[name], x, y).toFixed(2)}`);
      words = `ups and downs, relative to the points': ${travelled.join(" · ")}`;
    }
    readout.value = words;
    if (!width) return;
    for (const name of curves) {
      const parts = Array.from({ length: SAMPLES + 1 }, (_, i) => {
        const at = domain[0] + ((domain[1] - domain[0]) * i) / SAMPLES;
        return `${across(at).toFixed(1)},${clamp(up(made[name](at)), -1e4, 1e4).toFixed(1)}`;
      });
      lines[name].setAttribute("d", `M${parts.join("L")}`);
    }
    points.forEach((point, i) => {
      point.setAttribute("transform", `translate(${across(x[i])},${up(y[i])})`);
      point.setAttribute("aria-valuenow", y[i].toFixed(3));
      point.setAttribute("aria-valuetext", `x ${signed(x[i], 2)}, y ${signed(y[i], 2)}`);
    });
  }

  /** Lay the panel out in real pixels, so that text keeps its size at any width. */
  function draw() {
    const height = Math.round(clamp(width * 0.5, 230, 340));
    const box = { left: 40, right: width - 12, top: 10, bottom: height - 42 };
    across = scale(domain, [box.left, box.right]);
    up = scale(range, [box.bottom, box.top]);
    const clip = `fp-clip-${++clips}`;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", String(height));
    svg.replaceChildren(
      s("clipPath", { id: clip }, s("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top })),
      axes(box, [across, roundTicks(across, box.right - box.left, 90)],
        [up, roundTicks(up, box.bottom - box.top, 60)], "x"),
      s("g", { "clip-path": `url(#${clip})`, "aria-hidden": "true" }, ...curves.map((name) => lines[name])),
      ...points);
    move();
  }

  function reset() {
    [x, y] = [[...data.x], [...data.y]];
    if (sizes) size.input.value = String(Math.round((SLIDER_STEPS * (sizes.value - sizes.low)) / (sizes.high - sizes.low)));
    move();
  }

  again.addEventListener("click", reset);
  const observer = new ResizeObserver(() => {
    const measured = Math.floor(svg.getBoundingClientRect().width);
    if (measured === width || !measured) return;
    width = measured;
    draw();
  });
  el.append(root);
  reset();
  observer.observe(root);
  return () => {
    observer.disconnect();
    root.remove();
  };
}

export default rebuilding(build);
