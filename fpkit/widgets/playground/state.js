/**
 * What the playground is doing: its settings, the run, whether it goes on, and how
 * far.  It knows no page: it asks a host to train, and tells when something changed.
 *
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {import("./trainer.js").Problem} Problem
 * @typedef {import("./trainer.js").Snapshot} Snapshot
 * @typedef {import("./host.js").Answer} Answer
 * @typedef {{begun(): void, turned(playing: boolean): void, answered(fresh: boolean): void}} Listener
 *   a run began, started or paused, was answered for (`fresh`: with another problem)
 */
import { toAddress } from "./address.js";
import { DEFAULTS, MOST_STEPS, PRESETS, RANGES } from "./parameters.js";

const NOISE = 0.3; // that the noisy sine brings

/** The example that has these settings, if one has. @param {Settings} settings */
export const presetOf = (settings) => Object.keys(PRESETS).find((name) => (PRESETS[name].target === "drawn"
  ? settings.target === "drawn"
  : toAddress({ ...DEFAULTS, ...PRESETS[name] }) === toAddress(settings))) ?? "";

/** The learning rate to try when this one was too large. @param {Settings} settings */
export const slower = ({ lr }) => Math.max(RANGES.lr.min, Number((lr / 10).toPrecision(2)));

/** Why there is nothing to learn. @param {Settings} settings */
export function whyFlat({ target, drawing }) {
  if (target !== "drawn") return "This target is constant: there is no frequency to learn.";
  if (drawing.some(Boolean)) return "At its samples the drawing has no clear peak in its spectrum. Take more samples, or draw a wave.";
  return "Nothing is drawn yet. Drag in the first panel; or go to its handle, choose a point with ← and →, and move it with ↑ and ↓.";
}

/** @param {(answer: (answer: Answer) => void) => Pick<import("./host.js").Host, "start" | "train">} host
 * @param {Listener} listener */
export function state(host, { begun, turned, answered }) {
  /** @type {Settings} */
  let settings = DEFAULTS;
  /** @type {Problem | undefined} */
  let problem;
  /** @type {Snapshot} */
  let snapshot;
  let [playing, waiting, stop] = [false, false, MOST_STEPS];
  let [open, resting] = [false, false]; // whether something was to be learned at the start, and a pause is wanted when it is
  let brought = false; // whether the noise came with the target

  const engine = host((answer) => {
    waiting = false;
    snapshot = answer.snapshot;
    if (answer.problem) problem = answer.problem;
    if (!ready() || snapshot.step >= stop || (resting && learned())) pause();
    answered(Boolean(answer.problem));
  });

  const ready = () => Boolean(problem?.modes.length) && !snapshot.diverged && snapshot.step < MOST_STEPS;
  const learned = () => snapshot.learned.every((step) => step !== null);
  /** @param {number} upTo */
  const ask = (upTo) => {
    waiting = true;
    engine.train(Math.min(upTo, stop));
  };

  function start() {
    if (problem && !ready()) return;
    open = !problem || !learned();
    playing = true;
    turned(playing);
  }

  function pause() {
    if (!playing) return;
    playing = false;
    stop = MOST_STEPS;
    turned(playing);
    ask(0); // stops the worker, which tells where it is
  }

  /** A new run from step 0 with the present settings. */
  function begin() {
    problem = undefined;
    waiting = true;
    engine.start(settings);
    begun();
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

  return {
    get settings() { return settings; },
    get problem() { return problem; },
    get snapshot() { return snapshot; },
    get playing() { return playing; },
    ready,
    start,
    pause,
    reset() {
      pause();
      begin();
    },
    step() {
      pause();
      if (ready()) ask(snapshot.step + 1);
    },
    /** Go on by so many steps, if it is time.
     * @param {number} steps @param {boolean} [rest]  pause when all is learned, if it was not before */
    more(steps, rest = false) {
      resting = rest && open;
      if (playing && !waiting && problem) ask(snapshot.step + steps);
    },
    /** What a reader changes. @param {Partial<Settings>} changes */
    change(changes) {
      stop = MOST_STEPS;
      settings = { ...settings, ...changes, ...noiseWith(changes) };
      begin();
    },
    /** What an address or Python says. @param {Settings} given @param {number} [steps]  to make at once */
    use(given, steps = 0) {
      settings = given;
      brought = false;
      pause();
      begin();
      if (!steps) return;
      stop = steps;
      start();
    },
  };
}
