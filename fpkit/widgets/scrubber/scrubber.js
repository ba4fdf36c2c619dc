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
 * @typedef {{x: Encoded, t: Encoded, x_label: string, modes: number, peaks: number[],
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
  axes, clear, decadeTicks, extent, h, integer, key, linePath, panelSvg, peakStyle, percent,
  roundTicks, s, scale, significant, spread, text,
} from "../shared/charts.js";
import { decode, slice } from "../shared/arrays.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const FRAMES_PER_SECOND = 12;

// --- data ------------------------------------------------------------------

/** Decode everything once, and derive what no step changes. @param {Data} data */
function readRun(data) {
  const [x, t, frames, steps] = [data.x, data.t, data.frames, data.steps].map((a) => decode(a).values);
  const [targets, outputs, errors, losses] =
    [data.targets, data.outputs, data.errors, data.losses].map(decode);
  const transform = fourierTransform(t, data.modes);
  return {
    x, frames, steps, peaks: data.peaks, colors: data.colors, members: data.members,
    modes: data.modes, threshold: data.threshold, xLabel: data.x_label, transform,
    outputRange: extent(targets.values, outputs.values),
    errorRange: extent(errors.values),
    /** @param {number} member */
    target: (member) => slice(targets, targets.shape[0] === 1 ? 0 : member),
    /** @param {number} member @param {number} frame */
    output: (member, frame) => slice(outputs, member, frame),
    /** One peak's error curve. @param {number} member @param {number} peak  its place */
    curve: (member, peak) => {
      const table = slice(errors, member);
      return steps.map((_, r) => table[r * data.peaks.length + peak]);
    },
    /** Errors and loss last recorded at or before a frame. @param {number} member @param {number} frame */
    record: (member, frame) => {
      const r = Math.max(0, steps.findLastIndex((step) => step <= frames[frame]));
      return { errors: slice(errors, member, r), loss: slice(losses, member)[r] };
    },
  };
}

/** Amplitudes |F[k]| for k < modes.  The points never move, so the cosines and
 * sines are tabulated once and a move costs only multiplications.
 * @param {Float32Array} t @param {number} modes @returns {(signal: Float32Array) => Float32Array} */
function fourierTransform(t, modes) {
  const count = t.length;
  /** @param {number} i */
  const phase = (i) => -2 * Math.PI * Math.floor(i / count) * t[i % count];
  const cosines = Float32Array.from({ length: modes * count }, (_, i) => Math.cos(phase(i)));
  const sines = Float32Array.from({ length: modes * count }, (_, i) => Math.sin(phase(i)));
  return (signal) => Float32Array.from({ length: modes }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let j = 0, i = k * count; j < count; j++, i++) {
      re += signal[j] * cosines[i];
      im += signal[j] * sines[i];
    }
    return Math.hypot(re, im) / count;
  });
}

/** The peaks whose error is under the threshold, as words. @param {Run} run @param {Float32Array} errors */
function learned(run, errors) {
  return run.peaks.filter((_, i) => errors[i] < run.threshold).join(", ") || "none";
}

/** Training steps: logarithmic when the run was recorded that way, so that the
 * cursor moves evenly with the slider.  log(1 + s/s₀) keeps step 0 on the axis.
 * @param {Float32Array} frames @param {[number, number]} range */
function stepAxis(frames, range) {
  const last = frames[frames.length - 1];
  const width = range[1] - range[0];
  if (frames[frames.length >> 1] * 4 >= last) {
    const x = scale([0, last], range);
    return { x, ticks: roundTicks(x, width, 64, integer) };
  }
  const first = frames.find((step) => step > 0) ?? last;
  const x = scale([0, last], range, (step) => Math.log1p(step / first));
  return { x, ticks: [{ at: 0, label: "0" }, ...decadeTicks({ domain: [first, last] })] };
}

// --- the three panels ------------------------------------------------------

/** Target and network output against x. @param {Run} run @returns {Panel} */
function fitPanel(run) {
  const svg = panelSvg("fp-fit", "Fit");
  const output = s("path", { class: "fp-output" });
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;
  return {
    svg,
    draw(width, member) {
      const box = clear(svg, width, { left: 40, right: 12, top: 44 });
      const [low, high] = run.outputRange;
      const pad = 0.05 * (high - low);
      x = scale(extent(run.x), [box.left + 4, box.right]);
      y = scale([low - pad, high + pad], [box.bottom, box.top]);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 56)],
          [y, roundTicks(y, box.bottom - box.top, 40)], run.xLabel),
        text(4, 13, "start", "output"),
        key(box.right, s("path", { class: "fp-target", d: "M-8,0H8" }),
          s("path", { class: "fp-key-output", d: "M-8,0H8" })),
        s("path", { class: "fp-target", d: linePath(run.x, run.target(member), x, y) }),
        output);
    },
    move(member, frame) {
      const values = run.output(member, frame);
      const target = run.target(member);
      const squares = values.reduce((sum, value, j) => sum + (value - target[j]) ** 2, 0);
      output.setAttribute("d", linePath(run.x, values, x, y));
      svg.setAttribute("aria-label", `Fit at step ${integer(run.frames[frame])}: target and network output ` +
        `against ${run.xLabel}; root-mean-square difference ${significant(Math.sqrt(squares / values.length))}.`);
    },
  };
}

/** Amplitudes of target and output against frequency. @param {Run} run @returns {Panel} */
function spectrumPanel(run) {
  const svg = panelSvg("fp-spectrum", "Spectrum");
  const first = run.peaks.includes(0) ? 0 : 1; // the mean has no frequency to learn
  const indices = Array.from({ length: run.modes - first }, (_, i) => i + first);
  const targets = run.members.map((_, member) => run.transform(run.target(member)));
  const tallest = Math.max(...targets.flatMap((amplitudes) => indices.map((k) => amplitudes[k])));
  const lowestPeak = Math.min(...targets.flatMap((amplitudes) => run.peaks.map((k) => amplitudes[k])));
  // At least one decade under the lowest peak, but never down to rounding error.
  const floor = 10 ** Math.floor(Math.log10(Math.max(lowestPeak / 10, tallest * 1e-6)));
  /** @type {SVGCircleElement[]} */
  let dots = [];
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;

  /** A dot per frequency, the peaks larger and in their own colour.
   * @param {string} name @param {number} radius */
  const marks = (name, radius) => indices.map((k) => {
    const peak = run.peaks.indexOf(k);
    return peak < 0
      ? s("circle", { class: name, cx: x(k), r: radius })
      : s("circle", { class: `${name} fp-peak`, cx: x(k), r: radius + 1.4, style: peakStyle(run, peak) });
  });
  /** @param {SVGCircleElement[]} circles @param {Float32Array} amplitudes */
  const place = (circles, amplitudes) => circles.forEach((circle, i) => {
    const amplitude = amplitudes[indices[i]];
    circle.setAttribute("cy", y(amplitude).toFixed(1));
    circle.setAttribute("visibility", amplitude >= floor ? "visible" : "hidden");
  });

  return {
    svg,
    draw(width, member) {
      const box = clear(svg, width, { left: 40, right: 12, top: 44 });
      x = scale([0, run.modes - 1], [box.left, box.right - 4]);
      y = scale([floor, tallest * 1.5], [box.bottom, box.top], Math.log);
      const targetDots = marks("fp-spectrum-target", 2.4);
      dots = marks("fp-spectrum-output", 1.7);
      place(targetDots, targets[member]);
      const order = run.peaks.map((_, i) => i).sort((a, b) => run.peaks[a] - run.peaks[b]);
      const labels = spread(order.map((i) => x(run.peaks[i])), 16, [box.left, box.right]);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 40)], [y, decadeTicks(y)], "frequency index k"),
        text(4, 13, "start", "|F[k]|"),
        key(box.right, s("circle", { class: "fp-spectrum-target", r: 2.8, cx: 4 }),
          s("circle", { class: "fp-key-dot", r: 2.8, cx: 4 })),
        ...order.flatMap((i, rank) => [
          s("path", {
            class: "fp-drop",
            style: peakStyle(run, i),
            d: `M${labels[rank]},${box.top - 4}L${x(run.peaks[i])},${box.top + 4}V${box.bottom}`,
          }),
          text(labels[rank], box.top - 8, "middle", String(run.peaks[i])),
        ]),
        ...targetDots, ...dots);
    },
    move(member, frame) {
      const amplitudes = run.transform(run.output(member, frame));
      place(dots, amplitudes);
      const shares = run.peaks.map((k) => `k = ${k}, ${percent(amplitudes[k] / targets[member][k])}`);
      svg.setAttribute("aria-label", `Spectrum at step ${integer(run.frames[frame])}: ` +
        `amplitude of the network as a share of the target at ${shares.join("; ")}.`);
    },
  };
}

/** Relative error of each peak against training step; dragging in it chooses a
 * frame.  @param {Run} run @param {(frame: number) => void} choose @returns {Panel} */
function errorPanel(run, choose) {
  const svg = panelSvg("fp-error", "Relative error");
  const cursor = s("path", { class: "fp-cursor" });
  /** @type {Box} */
  let box;
  /** @type {Scale} */
  let x;
  /** @type {Scale} */
  let y;

  /** One peak's curve, its label, and the point where it is first learned.
   * @param {Float32Array} values @param {number} i  the peak's place @param {number} labelY */
  const curve = (values, i, labelY) => {
    const reached = values.findIndex((value) => value < run.threshold);
    const last = y(values[values.length - 1]);
    const group = s("g", { style: peakStyle(run, i), "data-peak": run.peaks[i] },
      s("path", { class: "fp-error-line", d: linePath(run.steps, values, x, y) }),
      s("path", { class: "fp-leader", d: `M${box.right + 1},${last}L${box.right + 9},${labelY}` }),
      text(box.right + 11, labelY + 4, "start", `k=${run.peaks[i]}`));
    if (reached < 0) return group;
    const step = run.steps[reached];
    const words = `k = ${run.peaks[i]} first under ${percent(run.threshold)} at step ${integer(step)}`;
    group.append(s("circle", { class: "fp-learned", cx: x(step), cy: y(values[reached]), r: 3.6 },
      s("title", {}, words)));
    return group;
  };

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
      box = clear(svg, width, { left: 48, right: 44, top: 44 });
      const axis = stepAxis(run.frames, [box.left, box.right]);
      const [low, high] = run.errorRange;
      x = axis.x;
      y = scale([Math.max(1e-3, Math.min(low, run.threshold / 3)), Math.max(high, 1) * 1.1],
        [box.bottom, box.top], Math.log);
      const limit = y(run.threshold);
      const ticks = decadeTicks(y, percent).filter(({ at }) => Math.abs(y(at) - limit) > 12);
      ticks.push({ at: run.threshold, label: percent(run.threshold), strong: true });

      const curves = run.peaks.map((_, i) => run.curve(member, i));
      /** @param {number} i */
      const end = (i) => y(curves[i][curves[i].length - 1]);
      const order = run.peaks.map((_, i) => i).sort((a, b) => end(a) - end(b));
      const labels = spread(order.map(end), 13, [box.top, box.bottom]);
      const subscript = s("tspan", { dy: 3, "font-size": "0.8em" }, "F");
      svg.append(
        axes(box, [x, axis.ticks], [y, ticks], "training step"),
        text(4, 13, "start", "relative error Δ", subscript),
        s("path", { class: "fp-threshold", d: `M${box.left},${limit}H${box.right}` }),
        ...order.map((i, rank) => curve(curves[i], i, labels[rank])),
        cursor);
    },
    move(member, frame) {
      const { errors } = run.record(member, frame);
      const at = x(run.frames[frame]).toFixed(1);
      const each = run.peaks.map((k, i) => `k = ${k}, ${percent(errors[i])}`);
      cursor.setAttribute("d", `M${at},${box.bottom}V${box.top - 3}l-4,-6h8l-4,6`);
      svg.setAttribute("aria-label", `Relative error at step ${integer(run.frames[frame])}: ` +
        `${each.join("; ")}. Under ${percent(run.threshold)}: ${learned(run, errors)}.`);
    },
  };
}

// --- controls --------------------------------------------------------------

/** A button that steps through the frames until the end, or until paused.
 * @param {() => boolean} advance  moves on by one frame; false at the end
 * @param {(playing: boolean) => void} changed */
function playButton(advance, changed) {
  const icon = s("path");
  const button = h("button", { type: "button", className: "fp-play" },
    s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, icon));
  const interval = 1000 / FRAMES_PER_SECOND;
  let request = 0;
  let due = 0;

  /** @param {boolean} playing */
  const show = (playing) => {
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
    icon.setAttribute("d", playing ? "M3,2h3.5v12H3zM9.5,2H13v12H9.5z" : "M3.5,1.5L14,8L3.5,14.5z");
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

  const panels = [fitPanel(run), spectrumPanel(run), errorPanel(run, choose)];
  const controls = h("div", { className: "fp-controls" }, button, slider);
  if (run.members.length > 1) controls.append(h("label", { className: "fp-choice" }, "network", network));
  controls.append(readout);
  const grid = h("div", { className: "fp-panels" }, ...panels.map((panel) => panel.svg));
  const root = h("div", { className: "fp-scrubber" }, controls, grid);
  root.dataset.lmSuppressShortcuts = "true"; // the slider's arrow keys are not a notebook's shortcuts

  let width = 0;
  /** @param {Panel} panel */
  const widthOf = (panel) => Math.floor(panel.svg.getBoundingClientRect().width);
  const move = () => {
    const [member, frame] = [memberNow(), frameNow()];
    const { errors, loss } = run.record(member, frame);
    const step = `step ${integer(run.frames[frame])}`;
    slider.value = String(frame);
    slider.setAttribute("aria-valuetext", step);
    readout.value = `${step} · loss ${significant(loss)} · learned: ${learned(run, errors)}`;
    if (width) panels.forEach((panel) => panel.move(member, frame));
  };
  const draw = () => {
    network.selectedIndex = memberNow();
    if (width) panels.forEach((panel) => panel.draw(widthOf(panel), memberNow()));
    move();
  };
  /** @param {number} measured */
  const resize = (measured) => {
    width = measured;
    draw();
  };

  el.append(root);
  draw();
  const stop = following(model, grid, { resize, move, draw });
  return () => {
    pause();
    stop();
    root.remove();
  };
}

export default rebuilding(build);
