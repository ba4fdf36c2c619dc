/**
 * One neuron's grip: a unit tanh(wx + b) that the reader makes steeper and moves, its spectrum, and
 * how hard errors of the frequencies 1, 2, 3 … pull at its weight, or at all of a·tanh(wx + b), when
 * all are equally large.
 *
 * Weight and place are set by sliders, or by two handles on the curve.  `unit.js` has the formulas.
 *
 * @typedef {{w: number, place: number, weights: [number, number], farthest: number, colors: string[]}} Data
 *   `place` of the step, -b/w; one colour for each frequency
 * @typedef {{w: number, place: number, k: number, at: keyof typeof PULLS}} Unit  `k`: which angular frequency is
 *   looked at, ω on the page; `at`: what is pulled at
 * @typedef {import("../shared/rebuilding.js").Model<{data: Data}>} Model
 * @typedef {import("../shared/charts.js").Box} Box
 */
import {
  axes, clear, decadeTicks, h, integer, linePath, panelSvg, percent, roundTicks, s, scale, slider, text, widthOf,
} from "../shared/charts.js";
import { buttons } from "../shared/buttons.js";
import { draggable } from "../shared/dragging.js";
import { rebuilding } from "../shared/rebuilding.js";
import { law, pull, pullOnAll, spectrum } from "./unit.js";

const PULLS = {
  w: { label: "w", words: "w", pull },
  all: { label: "a, w, b", words: "a, w, b", pull: pullOnAll },
};
const STEPS = 100; // of a slider
const SAMPLES = 400;
const FIRST = 4; // the frequency that is looked at first
const BENT = 0.8; // wx + b at the handle that makes the unit steeper
const MARGINS = { left: 46, right: 10, top: 30 };
/** @type {[number, number]} */
const DOMAIN = [-Math.PI, Math.PI]; // so that frequency k makes k waves
/** @type {[number, number]} */
const HEIGHTS = [-1.3, 1.3];
/** @type {[number, number]} */
const SIZES = [1e-6, 1e2];

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
/** Two significant digits. @param {number} value */
const number = (value) => String(Number(value.toPrecision(2))).replace("-", "−");
/** @param {number} low @param {number} high @param {number} count */
const between = (low, high, count) => Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
/** @param {Unit} unit */
const bias = ({ w, place }) => 0 - w * place;

/** A share in words that a reader can follow. @param {number} share */
function times(share) {
  if (share < 1e-4) return "less than 0.01 % as hard";
  if (share > 1e4) return "more than 10,000 times as hard";
  return share < 2 ? `${percent(share)} as hard` : `${share < 10 ? number(share) : integer(share)} times as hard`;
}

/** How hard the chosen frequency pulls, against the lowest; that one against the highest.
 * @param {Unit} unit @param {number[]} pulls */
export function comparison({ k, at }, pulls) {
  const other = k === 1 ? pulls.length : 1;
  return `an error of frequency ${k} pulls at ${PULLS[at].words} ${times(pulls[k - 1] / pulls[other - 1])} as one of frequency ${other}`;
}

/** The drawings' height: lower where they lie one under the other. @param {number} width */
const heightFor = (width) => (width > 300 ? 168 : 210);

/** @param {string[]} colors @param {number} k */
const ink = (colors, k) => `--fp-peak: ${colors[k - 1]}`;

/** The unit with its two handles, over the wave of one frequency.
 * @param {Data} data @param {(change: Partial<Unit>) => void} change */
function unitPanel({ colors, weights, farthest }, change) {
  const svg = panelSvg("fp-unit", "Unit");
  const xs = between(...DOMAIN, SAMPLES);
  const wave = s("path", { class: "fp-wave" });
  const curve = s("path", { class: "fp-output" });
  /** @type {Box} */
  let box;
  /** @type {Unit} */
  let unit;

  /** A dot on the curve that the pointer moves sideways.
   * @param {string} title @param {(x: number) => Partial<Unit>} moved */
  const handle = (title, moved) => {
    const element = s("g", { class: "fp-point" }, s("title", {}, title),
      s("circle", { class: "fp-reach", r: 15 }), s("circle", { class: "fp-dot", r: 6 }));
    draggable(element, (event) => {
      const share = (event.clientX - svg.getBoundingClientRect().left - box.left) / (box.right - box.left);
      change(moved(DOMAIN[0] + share * (DOMAIN[1] - DOMAIN[0])));
    });
    return element;
  };
  const middle = handle("move the step", (x) => ({ place: clamp(x, -farthest, farthest) }));
  const bend = handle("make it steeper", (x) => ({ w: clamp(BENT / Math.max(1e-9, side(unit) * (x - unit.place)), ...weights) }));
  /** On which side of the step there is room. @param {Unit} unit */
  const side = ({ place }) => (place > 0 ? -1 : 1);

  return {
    svg,
    /** @param {number} width @param {Unit} next */
    draw(width, next) {
      unit = next;
      box = clear(svg, width, MARGINS, heightFor(width));
      const x = scale(DOMAIN, [box.left, box.right]);
      const y = scale(HEIGHTS, [box.bottom, box.top]);
      const { w, place, k } = unit;
      wave.setAttribute("d", linePath(xs, xs.map((at) => Math.sin(k * at)), x, y));
      wave.setAttribute("style", ink(colors, k));
      curve.setAttribute("d", linePath(xs, xs.map((at) => Math.tanh(w * (at - place))), x, y));
      middle.setAttribute("transform", `translate(${x(place)},${y(0)})`);
      bend.setAttribute("transform", `translate(${x(place + (side(unit) * BENT) / w)},${y(side(unit) * Math.tanh(BENT))})`);
      svg.append(axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, roundTicks(y, box.bottom - box.top, 36)], "x"),
        text(4, 13, "start", "tanh(wx + b), a wave of the error"), wave, curve, middle, bend);
      svg.setAttribute("aria-label", `tanh(wx + b) for w = ${number(w)} and b = ${number(bias(unit))}: a step at x = ${number(place)}, ` +
        `${number((2 * BENT) / w)} wide. Behind it a wave of frequency ${k}, one period every ${number((2 * Math.PI) / k)}.`);
    },
  };
}

/** The unit's spectrum, and the exponential law. @param {Data} data */
function spectrumPanel({ colors }) {
  const svg = panelSvg("fp-unit-spectrum", "Spectrum");
  const ks = between(0.05, colors.length + 0.5, SAMPLES);
  return {
    svg,
    /** @param {number} width @param {Unit} unit */
    draw(width, { w, k: chosen }) {
      const box = clear(svg, width, MARGINS, heightFor(width));
      const x = scale([0, colors.length + 0.5], [box.left, box.right]);
      const y = scale(SIZES, [box.bottom, box.top], Math.log);
      /** @param {(k: number, w: number) => number} f */
      const path = (f) => linePath(ks, ks.map((k) => (f(k, w) < SIZES[0] ? NaN : f(k, w))), x, y);
      const dots = colors.map((_, i) => i + 1).filter((k) => spectrum(k, w) >= SIZES[0]);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, decadeTicks(y).filter((_, i) => i % 2 === 0)], "angular frequency ω"),
        text(4, 13, "start", "size of the spectrum, |F(ω)|"),
        // Where no curve comes: the law falls from the upper left.
        s("g", { class: "fp-key", "aria-hidden": "true" },
          s("path", { class: "fp-law", d: `M${box.right - 106},${box.top + 12}h31` }),
          text(box.right - 68, box.top + 16, "start", "∝ e", s("tspan", { dy: -4, "font-size": "10.5px" }, "−πω/2|w|"))),
        s("path", { class: "fp-law", d: path(law) }), s("path", { class: "fp-output", d: path(spectrum) }),
        ...dots.map((k) => s("circle", { class: "fp-learned", style: ink(colors, k), cx: x(k), cy: y(spectrum(k, w)), r: k === chosen ? 5.5 : 3.6 })));
      svg.setAttribute("aria-label", `Spectrum of the unit on a logarithmic axis. Its size is ` +
        `${[1, 2, 4, 8].map((k) => `${spectrum(k, w) < SIZES[0] ? "below a millionth" : number(spectrum(k, w))} at ω = ${k}`).join(", ")}. ` +
        `The dashed law falls by a factor of ${number(Math.exp(Math.PI / (2 * w)))} per frequency.`);
    },
  };
}

/** The pull of each frequency on w, against the strongest. @param {Data} data */
function pullPanel({ colors }) {
  const svg = panelSvg("fp-pull", "Pull");
  return {
    svg,
    /** @param {number} width @param {Unit} unit @param {number[]} pulls */
    draw(width, unit, pulls) {
      const box = clear(svg, width, MARGINS, heightFor(width));
      const x = scale([0.4, colors.length + 0.6], [box.left, box.right]);
      const y = scale([0, 1.15], [box.bottom, box.top]);
      const shares = pulls.map((value) => value / Math.max(...pulls));
      const wide = 0.7 * (x(2) - x(1));
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 20)], [y, [0, 0.5, 1].map((at) => ({ at, label: percent(at) }))], "angular frequency ω"),
        text(4, 13, "start", `pull on ${PULLS[unit.at].words} (strongest: 100 %)`),
        ...shares.map((share, i) => s("rect", { class: i + 1 === unit.k ? "fp-bar fp-chosen" : "fp-bar", style: ink(colors, i + 1),
          x: (x(i + 1) - wide / 2).toFixed(1), y: y(share).toFixed(1), width: wide.toFixed(1), height: (box.bottom - y(share)).toFixed(1) })));
      svg.setAttribute("aria-label", `Pull of equally large errors on ${PULLS[unit.at].words}, as a share of the strongest: ` +
        `${shares.map((share, i) => `ω = ${i + 1}, ${share < 1e-4 ? "less than 0.01 %" : percent(share)}`).join("; ")}.`);
    },
  };
}

/** Build the widget for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const data = model.get("data");
  const [low, high] = data.weights;
  /** @type {Unit} */
  const unit = { w: data.w, place: data.place, k: FIRST, at: "w" };

  /** @param {Partial<Unit>} change */
  const change = (change) => {
    Object.assign(unit, change);
    show();
  };
  const controls = {
    w: slider("weight w", STEPS, (at) => change({ w: low * (high / low) ** (at / STEPS) })),
    place: slider("place −b/w", STEPS, (at) => change({ place: data.farthest * ((2 * at) / STEPS - 1) })),
    k: slider("wave ω", data.colors.length - 1, (at) => change({ k: at + 1 })),
  };
  const labels = Object.fromEntries(Object.entries(PULLS).map(([at, { label }]) => [at, label]));
  const pulledAt = buttons("at", "pull on", labels, (at) => change({ at: /** @type {Unit["at"]} */ (at) }));
  pulledAt.show(unit.at);
  const readout = h("output", { className: "fp-readout" });
  readout.setAttribute("aria-live", "off"); // the sliders say it
  const first = unitPanel(data, change);
  const [second, third] = [spectrumPanel(data), pullPanel(data)];
  const grid = h("div", { className: "fp-panels" }, first.svg, second.svg, third.svg);
  const root = h("div", { className: "fp-grip" },
    h("div", { className: "fp-controls" }, ...Object.values(controls).map(({ element }) => element), pulledAt.element, readout), grid);
  root.dataset.lmSuppressShortcuts = "true"; // the arrow keys are not a notebook's shortcuts

  /** @param {HTMLInputElement} input @param {number} at @param {string} words */
  const set = (input, at, words) => {
    input.value = String(Math.round(at));
    input.setAttribute("aria-valuetext", words);
  };

  /** Draw the unit as it is now. */
  function show() {
    const { w, place, k, at } = unit;
    const b = bias(unit);
    const pulls = data.colors.map((_, i) => PULLS[at].pull(i + 1, w, b));
    const words = comparison(unit, pulls);
    set(controls.w.input, (STEPS * Math.log(w / low)) / Math.log(high / low), `w = ${number(w)}: ${words}`);
    set(controls.place.input, (STEPS * (1 + place / data.farthest)) / 2, `${number(place)}, b = ${number(b)}`);
    set(controls.k.input, k - 1, `frequency ${k}: ${words}`);
    readout.value = `At w = ${number(w)}, b = ${number(b)}, ${words}.`;
    const width = widthOf(first.svg);
    if (!width) return;
    first.draw(width, unit);
    second.draw(width, unit);
    third.draw(width, unit, pulls);
  }

  const observer = new ResizeObserver(show);
  el.append(root);
  observer.observe(root);
  show();
  return () => {
    observer.disconnect();
    root.remove();
  };
}

export default rebuilding(build);
