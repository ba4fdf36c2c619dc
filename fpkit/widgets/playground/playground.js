/**
 * The playground: a network that is trained in the page, with its settings, the
 * run's controls and four panels.
 *
 * Like the scrubber it talks to a `model` and draws into an element.  In a
 * notebook the model has `parameters`, which both sides may set, and gets the
 * record of a run in `recorded` whenever it pauses.  On a page, where nobody
 * answers, the settings live in the address.  A small one, in a chapter, has a
 * link to the playground's page with its settings instead.
 *
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {import("./trainer.js").Problem} Problem
 * @typedef {import("./trainer.js").Snapshot} Snapshot
 * @typedef {{colors: string[][], parameters: Record<string, unknown>, settings: string[] | null}} Data
 *   colours for so many frequencies, what to begin with, and what can be changed (null: all)
 * @typedef {{step: number, modes: number[], learned: (number|null)[], x: number[], y: number[],
 *   output: number[], steps: number[], losses: number[], test_losses: number[], errors: number[][]}} Recorded
 * @typedef {import("../shared/rebuilding.js").Model<
 *   {data: Data, parameters?: Record<string, unknown>, recorded?: Recorded}>} Model
 */
import { h, integer, s, significant } from "../shared/charts.js";
import { DEFAULTS, MOST_STEPS, PRESETS, RANGES, checked, fromAddress, toAddress } from "./parameters.js";
import { form, menu } from "./controls.js";
import { drawing } from "./drawing.js";
import { host } from "./host.js";
import { errorPanel, fitPanel, learnedNow, lossPanel, spectrumPanel } from "./panels.js";

const SPEEDS = { 1: "1 step a frame", 10: "10 steps", 100: "100 steps", Infinity: "fastest" };
const NOISE = 0.3; // that the noisy sine brings
const BETWEEN_WORDS = 3000; // milliseconds between two announcements while training
const REDUCED = 500; // milliseconds between two drawings, where a reader wants little motion
const PLAY = "M3.5,1.5L14,8L3.5,14.5z";
const PAUSE = "M3,2h3.5v12H3zM9.5,2H13v12H9.5z";

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {{model: Model, el: HTMLElement}} parts @returns {() => void} its removal */
function render({ model, el }) {
  const data = model.get("data");
  const onPage = model.get("parameters") === undefined;
  const small = Boolean(data.settings); // in the middle of a chapter, which has its own address
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** @type {Settings} */
  let settings = DEFAULTS;
  /** @type {Problem | undefined} */
  let problem;
  /** @type {Snapshot} */
  let snapshot;
  let [playing, waiting, drawn, stop] = [false, false, false, MOST_STEPS];
  let brought = false; // whether the noise came with the target
  let [request, writing, drawnAt, saidAt, width] = [0, 0, 0, 0, 0];

  // --- elements --------------------------------------------------------------

  const icon = s("path", { d: PLAY });
  /** @param {string} label @param {() => void} action @param {(Node | string)[]} content */
  const button = (label, action, ...content) => {
    const element = h("button", { type: "button", className: "fp-play" }, ...content);
    if (label) element.setAttribute("aria-label", label);
    element.addEventListener("click", action);
    return element;
  };
  const play = button("Play", () => (playing ? pause() : start()), s("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, icon));
  const one = button("", () => { pause(); if (ready()) ask(snapshot.step + 1); }, "step");
  const reset = button("", () => { pause(); begin(); }, "reset");
  const speed = menu("speed", "speed", SPEEDS, () => {});
  speed.select.value = "Infinity";
  const presets = menu("preset", "example", { "": "as set below", ...Object.fromEntries(Object.keys(PRESETS).map((name) => [name, name])) },
    (name) => { if (name) change({ ...DEFAULTS, ...PRESETS[name] }); });
  const readout = h("output", { className: "fp-readout" });
  readout.setAttribute("aria-live", "off");
  const notes = h("div", { className: "fp-notes" });
  notes.setAttribute("role", "status");
  const spoken = h("p", { className: "fp-spoken" });
  spoken.setAttribute("aria-live", "polite");

  const fit = fitPanel();
  const panels = [fit, spectrumPanel(), errorPanel(), lossPanel()];
  const canvas = drawing(fit, () => settings.drawing, (values) => change({ drawing: values }));
  const settingsForm = form((changes) => change(changes), () => settings, data.settings);
  const more = h("a", { className: "fp-more" }, "all settings");
  const grid = h("div", { className: "fp-panels" }, canvas.element, ...panels.slice(1).map(({ svg }) => svg));
  const root = h("div", { className: "fp-playground" },
    h("div", { className: "fp-controls" }, small ? "" : presets.element, play, one, reset, speed.element,
      small && onPage ? more : "", readout),
    notes, grid, settingsForm.element, spoken);
  root.dataset.lmSuppressShortcuts = "true"; // arrow keys here are not a notebook's shortcuts

  // --- notes: one line for each subject ---------------------------------------

  /** @type {Map<string, HTMLElement>} */
  const lines = new Map();
  /** What says the same stays as it is, so that it is not read out again.
   * @param {string} subject @param {(Node | string)[]} content  none to take it back */
  const note = (subject, ...content) => {
    const line = h("p", {}, ...content);
    const before = lines.get(subject);
    if (before?.textContent === line.textContent) return;
    before?.remove();
    lines.delete(subject);
    if (!content.length) return;
    lines.set(subject, line);
    notes.append(line);
  };

  const explainDivergence = () => {
    const { lr } = settings;
    const slower = Math.max(RANGES.lr.min, Number((lr / 10).toPrecision(2)));
    const again = button("", () => {
      change({ lr: slower });
      start();
      play.focus(); // this button is gone
    }, `start again with ${slower}`);
    note("diverged", `Stopped at step ${integer(snapshot.step)}: the loss grew without bound ` +
      `(${significant(snapshot.loss)}). A learning rate of ${lr} is too large here. `,
    slower < lr ? again : "It is the smallest one: start with smaller weights.");
  };

  /** Why there is nothing to learn. */
  const whyFlat = () => {
    if (settings.target !== "drawn") return "This target is constant: there is no frequency to learn.";
    if (settings.drawing.some(Boolean)) return "At its samples the drawing has no clear peak in its spectrum. Take more samples, or draw a wave.";
    return "Nothing is drawn yet. Drag in the first panel; or go to its handle, choose a point with ← and →, and move it with ↑ and ↓.";
  };

  // --- the run -----------------------------------------------------------------

  const engine = host((answer) => {
    waiting = false;
    drawn = false;
    snapshot = answer.snapshot;
    if (answer.problem) {
      problem = answer.problem;
      note("flat", ...(problem.modes.length ? [] : [whyFlat()]));
      width = 0; // everything is to be laid out anew
    }
    if (!ready() || snapshot.step >= stop) pause();
    if (!playing) record();
    schedule();
  }, () => note("worker", "This browser allows no worker here, so the training shares the page's thread and is slower."));

  const ready = () => Boolean(problem?.modes.length) && !snapshot.diverged && snapshot.step < MOST_STEPS;
  /** @param {number} upTo */
  const ask = (upTo) => {
    waiting = true;
    engine.train(Math.min(upTo, stop));
  };
  const schedule = () => { request ||= requestAnimationFrame(frame); };

  /** One frame: draw what came, and ask for more.  So there is at most one
   * answer for a frame, and none while the page is hidden.
   * @param {number} now */
  function frame(now) {
    request = 0;
    const due = !playing || !calm || now - drawnAt > REDUCED;
    if (problem && !drawn && due) {
      drawnAt = now;
      draw(problem);
    }
    if (playing && !waiting && problem) ask(snapshot.step + Number(speed.select.value));
    if (playing) schedule();
  }

  function start() {
    if (problem && !ready()) return;
    playing = true;
    icon.setAttribute("d", PAUSE);
    play.setAttribute("aria-label", "Pause");
    schedule();
  }

  function pause() {
    if (!playing) return;
    playing = false;
    stop = MOST_STEPS;
    icon.setAttribute("d", PLAY);
    play.setAttribute("aria-label", "Play");
    ask(0); // stops the worker, which tells where it is
  }

  /** A new run from step 0 with the present settings. */
  function begin() {
    note("diverged");
    problem = undefined;
    waiting = true;
    saidAt = -Infinity;
    engine.start(settings);
    settingsForm.show(settings);
    const preset = Object.entries(PRESETS).find(([, changes]) => (changes.target === "drawn"
      ? settings.target === "drawn"
      : toAddress({ ...DEFAULTS, ...changes }) === toAddress(settings)));
    presets.select.value = preset?.[0] ?? "";
    publish();
  }

  /** The noisy sine brings noise where there is none, and takes it away again.
   * @param {Partial<Settings>} changes @returns {Partial<Settings>} */
  function noiseWith({ target, noise }) {
    if (noise !== undefined) {
      brought = false; // from now on it is the reader's
    } else if (target === "sine" && settings.noise === 0) {
      brought = true;
      return { noise: NOISE };
    } else if (target && target !== "sine" && brought) {
      brought = false;
      return { noise: 0 };
    }
    return {};
  }

  /** @param {Partial<Settings>} changes */
  function change(changes) {
    note("address");
    stop = MOST_STEPS;
    settings = { ...settings, ...changes, ...noiseWith(changes) };
    begin();
  }

  // --- what others see: the address, or Python -----------------------------------

  function publish(steps = 0) {
    if (onPage && small) {
      more.href = `../playground/playground.html${toAddress(settings, steps)}`;
    } else if (onPage) {
      const address = toAddress(settings, steps);
      const usual = address === toAddress(DEFAULTS) && !fromAddress(location.hash);
      clearTimeout(writing); // browsers forbid many changes of the address in a short time
      if (!usual) writing = setTimeout(() => history.replaceState(history.state, "", address), 300);
    } else if (!same(model.get("parameters"), settings)) {
      model.set("parameters", settings);
      model.save_changes();
    }
  }

  function record() {
    if (!snapshot.diverged) publish(snapshot.step);
    if (onPage || !problem) return;
    const { records, learned, outputs, step } = snapshot;
    model.set("recorded", {
      step, modes: problem.modes, learned, x: [...problem.x], y: [...problem.y], output: [...outputs],
      steps: records.steps, losses: records.losses, test_losses: records.testLosses, errors: records.errors,
    });
    model.save_changes();
  }

  // --- drawing -----------------------------------------------------------------

  /** @param {Problem} problem */
  function draw(problem) {
    const measured = Math.floor(grid.getBoundingClientRect().width);
    if (!measured) return;
    if (measured !== width) {
      width = measured;
      const colors = data.colors[problem.modes.length];
      panels.forEach((panel) => panel.draw(Math.floor(panel.svg.getBoundingClientRect().width), problem, colors));
      canvas.show(settings.target === "drawn");
    }
    drawn = true;
    panels.forEach((panel) => panel.move(snapshot));
    const loss = `loss ${significant(snapshot.loss)}, test ${significant(snapshot.testLoss)}`;
    const state = `step ${integer(snapshot.step)} · ${loss} · learned: ${learnedNow(problem, snapshot)}`;
    readout.value = state;
    if (snapshot.diverged && !lines.has("diverged")) explainDivergence();
    // Not `disabled`, which would take the focus away.
    for (const control of [play, one]) control.setAttribute("aria-disabled", String(!ready()));
    if (playing && performance.now() - saidAt < BETWEEN_WORDS) return;
    saidAt = performance.now();
    if (snapshot.step && spoken.textContent !== state) spoken.textContent = state;
    panels.forEach((panel) => panel.svg.setAttribute("aria-label", panel.describe(snapshot)));
  }

  // --- beginning and end -----------------------------------------------------------

  /** Take settings from the address, from Python, or from the page's author. */
  const read = () => {
    const address = onPage && !small ? fromAddress(location.hash) : null;
    const { settings: found, notes: remarks } = address ?? checked((onPage ? data.parameters : model.get("parameters")) ?? {});
    settings = found;
    brought = false;
    pause();
    begin();
    note("address", ...(remarks.length ? [`Some settings were not possible: ${remarks.join("; ")}.`] : []));
    if (address?.steps) {
      stop = address.steps;
      start();
    }
  };
  const onAddress = () => {
    if (fromAddress(location.hash)) read();
  };
  const onParameters = () => {
    if (!same(model.get("parameters"), settings)) read();
  };
  const observer = new ResizeObserver(() => {
    drawn = false;
    schedule();
  });

  el.append(root);
  observer.observe(grid);
  if (onPage && !small) addEventListener("hashchange", onAddress);
  else if (!onPage) model.on("change:parameters", onParameters);
  read();
  return () => {
    cancelAnimationFrame(request);
    clearTimeout(writing);
    observer.disconnect();
    engine.remove();
    removeEventListener("hashchange", onAddress);
    model.off("change:parameters", onParameters);
    root.remove();
  };
}

export default { render };
