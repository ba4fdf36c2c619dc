/**
 * The scrubber: one widget over a recorded training run, with three linked
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
 * @typedef {import("../shared/panels.js").Task} Task
 * @typedef {import("../shared/panels.js").Axis} Axis
 */
import { cursorPath, decadeTicks, extent, h, integer, roundTicks, s, scale, significant, widthOf } from "../shared/charts.js";
import { decode, slice } from "../shared/arrays.js";
import { amplitudes, transform } from "../shared/fourier.js";
import { errorPanel, fitPanel, learned, playIcon, spectrumPanel } from "../shared/panels.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const FRAMES_PER_SECOND = 12;

// --- data ------------------------------------------------------------------

/** Decode everything once, and derive what no step changes. @param {Data} data */
function readRun({ peaks, colors, members, modes, threshold, ...data }) {
  const [x, t, frames, steps] = [data.x, data.t, data.frames, data.steps].map((a) => decode(a).values);
  const [targets, outputs, errors, losses] =
    [data.targets, data.outputs, data.errors, data.losses].map(decode);
  const transformed = transform(t, modes);
  /** @param {Float32Array} signal */
  const spectrum = (signal) => amplitudes(transformed(signal));
  /** @param {number} member */
  const target = (member) => slice(targets, targets.shape[0] === 1 ? 0 : member);
  const spectra = members.map((_, member) => spectrum(target(member)));
  const [low, high] = extent(targets.values, outputs.values);
  const pad = 0.05 * (high - low);
  const [smallest, largest] = extent(errors.values);
  return {
    members, frames, steps,
    /** @param {number} member @returns {Task} */
    task: (member) => ({
      x, points: x, target: target(member), samples: [], range: [low - pad, high + pad],
      modes: peaks, colors, count: modes, spectra, member, threshold,
      errorRange: [Math.max(1e-3, Math.min(smallest, threshold / 3)), Math.max(largest, 1) * 1.1],
    }),
    /** Each peak's errors. @param {number} member */
    curves: (member) => {
      const table = slice(errors, member);
      return peaks.map((_, i) => Array.from(steps, (_, r) => table[r * peaks.length + i]));
    },
    /** What there is at a frame, and the errors and loss last recorded before it.
     * @param {number} member @param {number} frame */
    at: (member, frame) => {
      const step = frames[frame];
      const r = Math.max(0, steps.findLastIndex((recorded) => recorded <= step));
      const [values, wanted] = [slice(outputs, member, frame), target(member)];
      return {
        step, outputs: values, amplitudes: spectrum(values), errors: slice(errors, member, r),
        loss: values.reduce((sum, value, j) => sum + (value - wanted[j]) ** 2, 0) / values.length,
        recorded: slice(losses, member)[r],
      };
    },
  };
}

/** Training steps: logarithmic when the run was recorded that way, so that the
 * cursor moves evenly with the slider.  log(1 + s/s₀) keeps step 0 on the axis.
 * @param {Float32Array} frames @param {[number, number]} range @returns {Axis} */
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

/** The errors of the whole run, with a cursor; dragging in the panel chooses a frame.
 * @param {ReturnType<typeof readRun>} run @param {(frame: number) => void} choose */
function recordedErrors(run, choose) {
  const { svg, draw, plot, describe } = errorPanel();
  const cursor = s("path", { class: "fp-cursor" });
  /** @type {import("../shared/charts.js").Box} */
  let box;
  /** @type {import("../shared/charts.js").Scale} */
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
    svg, describe,
    /** @param {number} width @param {Task} task */
    draw(width, task) {
      box = draw(width, task);
      const axis = stepAxis(run.frames, [box.left, box.right]);
      [x] = axis;
      const curves = run.curves(task.member);
      plot(axis, run.steps, curves, curves.map((values) => {
        const reached = values.findIndex((value) => value < task.threshold);
        return reached < 0 ? null : [run.steps[reached], values[reached]];
      }));
      svg.append(cursor);
    },
    /** @param {{step: number}} now */
    move: ({ step }) => cursor.setAttribute("d", cursorPath(x(step), box)),
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

/** Build the widget for the model's present data.
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

  const panels = [fitPanel(), spectrumPanel(), recordedErrors(run, choose)];
  const controls = h("div", { className: "fp-controls" }, button, slider);
  if (run.members.length > 1) controls.append(h("label", { className: "fp-choice" }, "network", network));
  controls.append(readout);
  const grid = h("div", { className: "fp-panels" }, ...panels.map((panel) => panel.svg));
  const root = h("div", { className: "fp-scrubber" }, controls, grid);

  /** @param {number} width */
  const move = (width) => {
    const frame = frameNow();
    const now = run.at(memberNow(), frame);
    const step = `step ${integer(now.step)}`;
    slider.value = String(frame);
    slider.setAttribute("aria-valuetext", step);
    readout.value = `${step} · loss ${significant(now.recorded)} · learned: ${learned(run.task(memberNow()), now.errors)}`;
    if (!width) return;
    for (const panel of panels) {
      panel.move(now);
      panel.svg.setAttribute("aria-label", panel.describe(now));
    }
  };
  /** @param {number} width */
  const draw = (width) => {
    network.selectedIndex = memberNow();
    if (width) panels.forEach((panel) => panel.draw(widthOf(panel.svg), run.task(memberNow())));
    move(width);
  };
  const remove = following(model, el, root, grid, { move, draw });
  return () => {
    pause();
    remove();
  };
}

export default rebuilding(build);
