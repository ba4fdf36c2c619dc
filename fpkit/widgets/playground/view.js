/**
 * What the playground looks like: its bar, notes, panels and settings.
 *
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {import("./trainer.js").Problem} Problem
 * @typedef {import("./trainer.js").Snapshot} Snapshot
 * @typedef {{turn(): void, step(): void, reset(): void, change(changes: Partial<Settings>): void,
 *   again(changes: Partial<Settings>): void, settings(): Settings}} Actions
 */
import { h, integer, significant, widthOf } from "../shared/charts.js";
import { fitPanel, learned, playIcon, spectrumPanel } from "../shared/panels.js";
import { form, menu } from "./controls.js";
import { drawing } from "./drawing.js";
import { growingErrors, interleave, lossPanel, task } from "./panels.js";
import { DEFAULTS, PRESETS } from "./parameters.js";
import { presetOf, slower } from "./state.js";
import { THRESHOLD } from "./trainer.js";

const SPEEDS = { 1: "1 step a frame", 10: "10 steps", 100: "100 steps", "": "until learned", Infinity: "fastest" };
const GROWTH = 0.03; // of the steps in a frame: slow frequencies take as long to fall as fast ones
const NARROW = { width: 540, height: 168 }; // on a telephone, what one changes and what comes of it share the screen
const BETWEEN_WORDS = 3000; // milliseconds between two announcements while training

/** @param {string[][]} colors  for so many frequencies @param {string[] | null} names  of the settings, null: all
 * @param {boolean} linked  whether there is a link to all settings @param {Actions} actions */
export function view(colors, names, linked, actions) {
  let [width, saidAt] = [0, 0];

  /** @param {() => void} action @param {(Node | string)[]} content */
  const button = (action, ...content) => {
    const element = h("button", { type: "button", className: "fp-play" }, ...content);
    element.addEventListener("click", action);
    return element;
  };
  const { icon, turn } = playIcon();
  const play = button(actions.turn, icon);
  const one = button(actions.step, "step");
  const speed = menu("speed", "speed", SPEEDS, () => {});
  speed.show("");
  const presets = menu("preset", "example", { "": "as set below", ...Object.fromEntries(Object.keys(PRESETS).map((name) => [name, name])) },
    (name) => { if (name) actions.change({ ...DEFAULTS, ...PRESETS[name] }); });
  const readout = h("output", { className: "fp-readout" });
  readout.setAttribute("aria-live", "off");
  const notes = h("div", { className: "fp-notes" });
  notes.setAttribute("role", "status");
  const spoken = h("p", { className: "fp-spoken" });
  spoken.setAttribute("aria-live", "polite");

  const fit = fitPanel();
  const panels = [fit, spectrumPanel(), growingErrors(), lossPanel()];
  const canvas = drawing(fit, () => actions.settings().drawing, (values) => actions.change({ drawing: values }));
  const settingsForm = form(actions.change, actions.settings, names);
  const more = h("a", { className: "fp-more" }, "all settings");
  const grid = h("div", { className: "fp-panels" }, canvas.element, ...panels.slice(1).map(({ svg }) => svg));
  const bar = h("div", { className: "fp-controls" }, names ? "" : presets.element, play, one, button(actions.reset, "reset"),
    speed.element, linked ? more : "", readout);
  const root = h("div", { className: "fp-playground" },
    h("div", { className: "fp-body" }, bar, notes, grid, settingsForm.element, spoken));
  root.dataset.lmSuppressShortcuts = "true"; // arrow keys here are not a notebook's shortcuts
  turn(play, false);

  /** The notes: one line for each subject. @type {Map<string, HTMLElement>} */
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
    line.dataset.subject = subject;
    lines.set(subject, line);
    notes.append(line);
  };

  /** @param {Settings} settings @param {Snapshot} snapshot */
  const explainDivergence = (settings, snapshot) => {
    const { lr } = settings;
    const next = slower(settings);
    const again = button(() => {
      actions.again({ lr: next });
      play.focus(); // this button is gone
    }, `start again with ${next}`);
    note("diverged", `Stopped at step ${integer(snapshot.step)}: the loss grew without bound ` +
      `(${significant(snapshot.loss)}). A learning rate of ${lr} is too large here. `,
    next < lr ? again : "It is the smallest one: start with smaller weights.");
  };

  return {
    root, more, note,
    /** How many steps to go on by, and whether to pause when all is learned.
     * @param {number} step @returns {[steps: number, rest: boolean]} */
    pace(step) {
      const chosen = Number(speed.select.value);
      return [chosen || Math.ceil(1 + GROWTH * step), !chosen];
    },
    /** @param {boolean} playing */
    turned: (playing) => turn(play, playing),
    /** A run began. @param {Settings} settings */
    begun(settings) {
      note("diverged");
      saidAt = -Infinity;
      settingsForm.show(settings);
      presets.select.value = presetOf(settings);
    },
    /** Everything is to be laid out anew. */
    renew() { width = 0; },
    /** @param {Problem} problem @param {Snapshot} snapshot @param {{playing: boolean, ready: boolean}} run
     * @returns {boolean}  whether there was room */
    draw(problem, snapshot, { playing, ready }) {
      const measured = widthOf(root);
      if (!measured) return false;
      const settings = actions.settings();
      if (measured !== width) {
        width = measured;
        const shown = task(problem, colors[problem.modes.length]);
        const height = width < NARROW.width ? NARROW.height : undefined;
        panels.forEach((panel) => panel.draw(widthOf(panel.svg), shown, height));
        canvas.show(settings.target === "drawn");
      }
      const now = { ...snapshot, outputs: interleave(snapshot.outputs, snapshot.testOutputs) };
      panels.forEach((panel) => panel.move(now));
      const state = `step ${integer(snapshot.step)} · loss ${significant(snapshot.loss)}, test ${significant(snapshot.testLoss)} · ` +
        `learned: ${learned({ modes: problem.modes, threshold: THRESHOLD }, snapshot.errors)}`;
      readout.value = state;
      if (snapshot.diverged && !lines.has("diverged")) explainDivergence(settings, snapshot);
      // Not `disabled`, which would take the focus away.
      for (const control of [play, one]) control.setAttribute("aria-disabled", String(!ready));
      if (playing && performance.now() - saidAt < BETWEEN_WORDS) return true;
      saidAt = performance.now();
      if (snapshot.step && spoken.textContent !== state) spoken.textContent = state;
      panels.forEach((panel) => panel.svg.setAttribute("aria-label", panel.describe(now)));
      return true;
    },
  };
}
