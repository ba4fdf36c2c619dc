/**
 * The scrubber: one control over a recorded training run, with three linked
 * panels at the chosen training step — the fit, its spectrum, and the relative
 * error of each spectral peak.
 *
 * The module has no host of its own.  It talks to a `model` (get, set,
 * save_changes, on, off) and draws into an element, so the same file serves a
 * live notebook widget and a static page.  All state lives in the model:
 * input writes `frame` or `member`, and every redraw answers a change of them.
 *
 * @typedef {import("../shared/arrays.js").Encoded} Encoded
 * @typedef {{x: Encoded, t: Encoded, modes: number, peaks: number[],
 *   colors: string[], members: string[], targets: Encoded, frames: number[], outputs: Encoded,
 *   steps: number[], errors: Encoded, losses: Encoded, threshold: number}} Data
 *   targets (members or 1, points), outputs (members, frames, points), errors (members, steps,
 *   peaks), losses (members, steps)
 * @typedef {import("../shared/rebuilding.js").Model<import("../shared/rebuilding.js").Places<Data>>} Model
 * @typedef {import("../shared/charts.js").Box} Box
 * @typedef {import("../shared/charts.js").Scale} Scale
 * @typedef {ReturnType<typeof readRun>} Run
 * @typedef {{svg: SVGElement, draw(width: number, member: number): void,
 *   move(member: number, frame: number): void}} Panel
 *   `draw` lays out what is the same at every step; `move` updates the rest.
 */
import {
  cursorPath, decadeTicks, extent, h, integer, playIcon, roundTicks, s, scale, significant, widthOf,
} from "../shared/charts.js";
import { decode, slice } from "../shared/arrays.js";
import { amplitudes, transform } from "../shared/fourier.js";
import { errorPanel, fitPanel, learned, spectrumPanel } from "../shared/panels.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const FRAMES_PER_SECOND = 12;

// --- data ------------------------------------------------------------------

/** Decode everything once, and derive what no step changes. @param {Data} data */
function readRun(data) {
  const [x, t, frames, steps] = [data.x, data.t, data.frames, data.steps].map((a) => decode(a).values);
  const [targets, outputs, errors, losses] =
    [data.targets, data.outputs, data.errors, data.losses].map(decode);
  const spectrum = transform(t, data.modes);
  return {
    x, frames, steps, peaks: data.peaks, colors: data.colors, members: data.members,
    modes: data.modes, threshold: data.threshold,
    outputRange: extent(targets.values, outputs.values),
    errorRange: extent(errors.values),
    /** @param {number} member */
    target: (member) => slice(targets, targets.shape[0] === 1 ? 0 : member),
    /** @param {number} member @param {number} frame */
    output: (member, frame) => slice(outputs, member, frame),
    /** @param {Float32Array} signal */
    amplitudes: (signal) => amplitudes(spectrum(signal)),
    /** One peak's error curve. @param {number} member @param {number} peak  its place */
    curve: (member, peak) => {
      const table = slice(errors, member);
      return Array.from(steps, (_, r) => table[r * data.peaks.length + peak]);
    },
    /** Errors and loss last recorded at or before a frame. @param {number} member @param {number} frame */
    record: (member, frame) => {
      const r = Math.max(0, steps.findLastIndex((step) => step <= frames[frame]));
      return { errors: slice(errors, member, r), loss: slice(losses, member)[r] };
    },
  };
}

/** Training steps: logarithmic when the run was recorded that way, so that the
 * cursor moves evenly with the slider.  log(1 + s/s₀) keeps step 0 on the axis.
 * @param {Float32Array} frames @param {[number, number]} range
 * @returns {[scale: Scale, ticks: import("../shared/charts.js").Tick[]]} */
function stepAxis(frames, range) {
  const last = frames[frames.length - 1];
  if (frames[frames.length >> 1] * 4 >= last) {
    const x = scale([0, last], range);
    return [x, roundTicks(x, range[1] - range[0], 64, integer)];
  }
  const first = frames.find((step) => step > 0) ?? last;
  const x = scale([0, last], range, (step) => Math.log1p(step / first));
  return [x, [{ at: 0, label: "0" }, ...decadeTicks({ domain: [first, last] })]];
}

// --- the three panels ------------------------------------------------------

/** @param {Run} run @returns {Panel} */
function fit(run) {
  const { svg, draw, move, describe } = fitPanel();
  const [low, high] = run.outputRange;
  const pad = 0.05 * (high - low);
  return {
    svg,
    draw: (width, member) => draw(width, run.x, run.target(member), [low - pad, high + pad]),
    move(member, frame) {
      const [values, target] = [run.output(member, frame), run.target(member)];
      move(run.x, values);
      const squares = values.reduce((sum, value, j) => sum + (value - target[j]) ** 2, 0);
      svg.setAttribute("aria-label", describe(run.frames[frame], squares / values.length));
    },
  };
}

/** @param {Run} run @returns {Panel} */
function spectrum(run) {
  const { svg, draw, move, describe } = spectrumPanel();
  const targets = run.members.map((_, member) => run.amplitudes(run.target(member)));
  return {
    svg,
    draw: (width, member) => draw(width, { modes: run.peaks, colors: run.colors }, run.modes, targets, member),
    move(member, frame) {
      const found = run.amplitudes(run.output(member, frame));
      move(found);
      svg.setAttribute("aria-label", describe(run.frames[frame], found));
    },
  };
}

/** Dragging in it chooses a frame.  @param {Run} run @param {(frame: number) => void} choose @returns {Panel} */
function error(run, choose) {
  const { svg, draw, plot, describe } = errorPanel();
  const cursor = s("path", { class: "fp-cursor" });
  /** @type {Box} */
  let box;
  /** @type {Scale} */
  let x;

  /** @param {PointerEvent} event */
  const chooseAt = (event) => {
    const pixel = event.clientX - svg.getBoundingClientRect().left;
    const distances = run.frames.map((step) => Math.abs(x(step) - pixel));
    choose(distances.indexOf(Math.min(...distances)));
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    svg.setPointerCapture(event.pointerId);
    chooseAt(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) chooseAt(event);
  });

  return {
    svg,
    draw(width, member) {
      const [low, high] = run.errorRange;
      box = draw(width, { modes: run.peaks, colors: run.colors }, run.threshold,
        [Math.max(1e-3, Math.min(low, run.threshold / 3)), Math.max(high, 1) * 1.1]);
      const axis = stepAxis(run.frames, [box.left, box.right]);
      x = axis[0];
      const curves = run.peaks.map((_, i) => run.curve(member, i));
      plot(axis, run.steps, curves, curves.map((values) => {
        const reached = values.findIndex((value) => value < run.threshold);
        return reached < 0 ? null : [run.steps[reached], values[reached]];
      }));
      svg.append(cursor);
    },
    move(member, frame) {
      cursor.setAttribute("d", cursorPath(x(run.frames[frame]), box));
      svg.setAttribute("aria-label", describe(run.frames[frame], run.record(member, frame).errors));
    },
  };
}

// --- controls --------------------------------------------------------------

/** A button that steps through the frames until the end, or until paused.
 * @param {() => boolean} advance  moves on by one frame; false at the end
 * @param {(playing: boolean) => void} changed */
function playButton(advance, changed) {
  const { icon, turn } = playIcon();
  const button = h("button", { type: "button", className: "fp-play" }, icon);
  const interval = 1000 / FRAMES_PER_SECOND;
  let request = 0;
  let due = 0;

  /** @param {boolean} playing */
  const show = (playing) => {
    turn(button, playing);
    changed(playing);
  };
  const pause = () => {
    if (!request) return;
    cancelAnimationFrame(request);
    request = 0;
    show(false);
  };
  /** @param {number} now */
  const tick = (now) => {
    request = requestAnimationFrame(tick);
    if (now < due) return;
    due = Math.max(due, now - interval) + interval; // after a hidden tab: go on, do not catch up
    if (!advance()) pause();
  };
  button.addEventListener("click", () => {
    if (request) return pause();
    due = performance.now();
    request = requestAnimationFrame(tick);
    show(true);
  });
  show(false);
  return { button, pause };
}

/** Build the control for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const run = readRun(model.get("data"));
  const last = run.frames.length - 1;
  const frameNow = () => within(model.get("frame"), last);
  const memberNow = () => within(model.get("member"), run.members.length - 1);

  const slider = h("input", { type: "range", min: "0", max: String(last), step: "1", className: "fp-slider" });
  slider.setAttribute("aria-label", "training step");
  const network = h("select", { className: "fp-network" }, ...run.members.map((name) => h("option", {}, name)));
  const readout = h("output", { className: "fp-readout" });
  const { button, pause } = playButton(
    () => {
      // Playing from the last frame starts over; reaching it ends the play.
      tell(model, "frame", frameNow() === last ? 0 : frameNow() + 1);
      return frameNow() < last;
    },
    // Twelve announcements a second would bury a listener.
    (playing) => readout.setAttribute("aria-live", playing ? "off" : "polite"),
  );
  /** @param {number} frame */
  const choose = (frame) => {
    pause();
    tell(model, "frame", frame);
  };
  slider.addEventListener("input", () => choose(slider.valueAsNumber));
  network.addEventListener("change", () => tell(model, "member", network.selectedIndex));

  const panels = [fit(run), spectrum(run), error(run, choose)];
  const controls = h("div", { className: "fp-controls" }, button, slider);
  if (run.members.length > 1) controls.append(h("label", { className: "fp-choice" }, "network", network));
  controls.append(readout);
  const grid = h("div", { className: "fp-panels" }, ...panels.map((panel) => panel.svg));
  const root = h("div", { className: "fp-scrubber" }, controls, grid);

  /** @param {number} width */
  const move = (width) => {
    const [member, frame] = [memberNow(), frameNow()];
    const { errors, loss } = run.record(member, frame);
    const step = `step ${integer(run.frames[frame])}`;
    slider.value = String(frame);
    slider.setAttribute("aria-valuetext", step);
    readout.value = `${step} · loss ${significant(loss)} · learned: ${learned(run.peaks, errors, run.threshold)}`;
    if (width) panels.forEach((panel) => panel.move(member, frame));
  };
  /** @param {number} width */
  const draw = (width) => {
    network.selectedIndex = memberNow();
    if (width) panels.forEach((panel) => panel.draw(widthOf(panel.svg), memberNow()));
    move(width);
  };
  const remove = following(model, el, root, grid, { move, draw });
  return () => {
    pause();
    remove();
  };
}

export default rebuilding(build);
