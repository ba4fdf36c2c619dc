/**
 * A network that learns an image: the picture it paints, the spectrum of one of
 * its rows, and its losses, at the chosen training step of the chosen run.
 *
 * Like the scrubber, the module talks to a `model` and draws into an element, so
 * the same file serves a notebook and a static page.  `member` is the place of
 * the run, `frame` that of the step.
 *
 * @typedef {import("../shared/arrays.js").Encoded} Encoded
 * @typedef {{name: string, frames: number[], pictures: Encoded, spectra: Encoded,
 *   steps: number[], train: number[], test: number[]}} Run  pictures are grey
 *   values 0 … 255 (frames, height, width), spectra |F[k]| (frames, modes)
 * @typedef {{picture: Encoded, row: number, target: number[], nyquist: number,
 *   runs: Run[]}} Data  `picture` is the photograph, `target` its row's |F[k]|
 * @typedef {import("../shared/rebuilding.js").Model<import("../shared/rebuilding.js").Places<Data>>} Model
 * @typedef {import("../shared/charts.js").Box} Box
 * @typedef {import("../shared/charts.js").Scale} Scale
 */

import {
  axes, clear, cursorPath, decadeTicks, extent, h, integer, key, linePath, panelSvg, roundTicks, s,
  scale, significant, slider, text, widthOf,
} from "../shared/charts.js";
import { decode, slice } from "../shared/arrays.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const MARGIN = { left: 44, right: 12, top: 44 };

/** A picture with a caption and a line through the followed row.
 * @param {string} caption @param {number[]} shape @param {number} row */
function picture(caption, [height, width], row) {
  const canvas = h("canvas", { width, height });
  canvas.setAttribute("role", "img");
  const line = h("span", { className: "fp-row" });
  line.style.top = `${(100 * (row + 0.5)) / height}%`;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  return {
    element: h("figure", { className: "fp-picture" }, h("div", {}, canvas, line), h("figcaption", {}, caption)),
    /** @param {Float32Array} greys  0 … 255 @param {string} words  what they show */
    paint(greys, words) {
      const pixels = context.createImageData(width, height);
      greys.forEach((grey, i) => pixels.data.set([grey, grey, grey, 255], 4 * i));
      context.putImageData(pixels, 0, 0);
      canvas.setAttribute("aria-label", words);
    },
  };
}

/** The row's spectrum, target and network, and where the training pixels' ends.
 * @param {Pick<Data, "target"|"nyquist"|"runs">} data */
function spectrumPanel({ target, nyquist, runs }) {
  const svg = panelSvg("fp-image-spectrum", "Spectrum of the marked row");
  const tallest = Math.max(...target.slice(1), ...runs.map((run) => extent(decode(run.spectra).values)[1]));
  const floor = 10 ** Math.floor(Math.log10(Math.min(...target.slice(1))));
  const modes = target.map((_, k) => k).slice(1);
  /** @type {SVGCircleElement[]} */
  let dots = [];
  /** @type {Scale} */
  let y;
  /** @param {SVGCircleElement[]} circles @param {ArrayLike<number>} amplitudes */
  const place = (circles, amplitudes) => circles.forEach((circle, i) => {
    circle.setAttribute("cy", y(amplitudes[i + 1]).toFixed(1));
    circle.setAttribute("visibility", amplitudes[i + 1] >= floor ? "visible" : "hidden");
  });
  return {
    svg,
    /** @param {number} width */
    draw(width) {
      const box = clear(svg, width, MARGIN);
      const x = scale([0, target.length - 1], [box.left, box.right - 4]);
      y = scale([floor, tallest * 1.5], [box.bottom, box.top], Math.log);
      /** @param {string} name @param {number} radius */
      const marks = (name, radius) => modes.map((k) => s("circle", { class: name, cx: x(k), r: radius }));
      const rings = marks("fp-spectrum-target", 3);
      dots = marks("fp-spectrum-output", 2);
      place(rings, target);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, decadeTicks(y)], "frequency index k"),
        text(4, 13, "start", "|F[k]| of the row"),
        key(box.right, s("circle", { class: "fp-spectrum-target", r: 3, cx: 4 }),
          s("circle", { class: "fp-key-dot", r: 2.8, cx: 4 })),
        s("path", { class: "fp-threshold", d: `M${x(nyquist)},${box.bottom}V${box.top}` }),
        text(x(nyquist) + 5, box.top - 6, "start", "unseen →"), ...rings, ...dots);
    },
    /** @param {Float32Array} amplitudes @param {string} step */
    move(amplitudes, step) {
      place(dots, amplitudes);
      /** @param {number[]} values */
      const power = (values) => values.slice(nyquist + 1).reduce((sum, a) => sum + a * a, 0);
      svg.setAttribute("aria-label", `Spectrum of the marked row at step ${step}: above k = ${nyquist}, which the ` +
        `training pixels cannot see, the network has ${significant(power([...amplitudes]) / power(target))} times the photograph's power.`);
    },
  };
}

/** Training and test loss, with a cursor at the step. @param {Run[]} runs */
function lossPanel(runs) {
  const svg = panelSvg("fp-image-losses", "Losses");
  const cursor = s("path", { class: "fp-cursor" });
  const all = runs.flatMap((run) => [...run.train, ...run.test]);
  /** @type {Box} */
  let box;
  /** @type {Scale} */
  let x;
  return {
    svg,
    /** @param {number} width @param {Run} run */
    draw(width, run) {
      box = clear(svg, width, MARGIN);
      x = scale([0, run.steps[run.steps.length - 1]], [box.left, box.right - 4]);
      const y = scale([Math.min(...all) / 1.5, Math.max(...all) * 1.5], [box.bottom, box.top], Math.log);
      /** @param {string} name @param {number[]} values */
      const line = (name, values) => s("path", { class: name, d: linePath(run.steps, values, x, y) });
      /** @param {number} at @param {string} name @param {string} word */
      const entry = (at, name, word) => s("g", { transform: `translate(${at},9)` },
        s("path", { class: name, d: "M-16,0H8" }), text(13, 4, "start", word));
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 64, integer)], [y, decadeTicks(y)], "training step"),
        text(4, 13, "start", "loss"),
        entry(box.right - 140, "fp-output", "training"), entry(box.right - 36, "fp-output fp-test", "test"),
        line("fp-output", run.train), line("fp-output fp-test", run.test), cursor);
    },
    /** @param {number} step @param {string} words */
    move(step, words) {
      cursor.setAttribute("d", cursorPath(x(step), box));
      svg.setAttribute("aria-label", `Losses against training step. ${words}.`);
    },
  };
}

/** Build the widget for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const data = model.get("data");
  const runs = data.runs.map((run) => {
    const [pictures, spectra] = [decode(run.pictures), decode(run.spectra)];
    return {
      ...run,
      /** @param {number} frame */
      picture: (frame) => slice(pictures, frame),
      /** @param {number} frame */
      spectrum: (frame) => slice(spectra, frame),
    };
  });
  const run = () => runs[within(model.get("member"), runs.length - 1)];
  const frame = () => within(model.get("frame"), run().frames.length - 1);

  const start = h("select", { className: "fp-network" }, ...runs.map(({ name }) => h("option", {}, name)));
  start.addEventListener("change", () => tell(model, "member", start.selectedIndex));
  const time = slider("training step", run().frames.length - 1, (value) => tell(model, "frame", value));
  const readout = h("output", { className: "fp-readout" });
  const controls = h("div", { className: "fp-controls" },
    h("label", { className: "fp-choice" }, "first weights", start), time.element, readout);

  const shape = data.picture.shape;
  const [photograph, painted] = ["photograph", "network"].map((caption) => picture(caption, shape, data.row));
  const spectrum = spectrumPanel({ ...data, runs });
  const losses = lossPanel(runs);
  const pair = h("div", { className: "fp-pictures" }, photograph.element, painted.element);
  const grid = h("div", { className: "fp-panels" }, pair, spectrum.svg, losses.svg);
  const root = h("div", { className: "fp-images" }, controls, grid);
  photograph.paint(decode(data.picture).values, "The photograph, with a line through the followed row");

  /** @param {number} width */
  const move = (width) => {
    const [now, at] = [run(), frame()];
    const step = now.frames[at];
    const record = Math.max(0, now.steps.findLastIndex((recorded) => recorded <= step));
    const words = `step ${integer(step)} · training loss ${significant(now.train[record])} · test loss ${significant(now.test[record])}`;
    time.input.value = String(at);
    time.input.setAttribute("aria-valuetext", `step ${integer(step)}`);
    readout.value = words;
    painted.paint(now.picture(at), `What the network paints, ${words}`);
    if (!width) return;
    spectrum.move(now.spectrum(at), integer(step));
    losses.move(step, words);
  };
  /** @param {number} width */
  const draw = (width) => {
    start.selectedIndex = runs.indexOf(run());
    time.input.max = String(run().frames.length - 1);
    if (width) {
      spectrum.draw(widthOf(spectrum.svg));
      losses.draw(widthOf(losses.svg), run());
    }
    move(width);
  };
  return following(model, el, root, grid, { move, draw });
}

export default rebuilding(build);
