/**
 * A bet: on which curve, in which order, and how it came out.  It knows no page: it asks a
 * host to train, and tells when something changed.
 *
 * @typedef {import("./curves.js").Name} Name
 * @typedef {import("./curves.js").Wave} Wave
 * @typedef {import("../playground/trainer.js").Problem} Problem
 * @typedef {import("../playground/trainer.js").Snapshot} Snapshot
 * @typedef {import("../playground/host.js").Answer} Answer
 * @typedef {"betting" | "training" | "done"} Stage
 * @typedef {{right: number, decided: number}} Score  pairs of waves
 */
import { DRAWN_POINTS } from "../playground/parameters.js";
import { uniform } from "../playground/random.js";
import { settingsOf, wavesOf } from "./curves.js";

export const MOST_STEPS = 10_000;
const LONGEST_FRAME = 50; // milliseconds that a frame counts at most, so that a hidden page waits

/** How far the training is after so many milliseconds: slowly at first, where most happens
 * for its number of steps, so that 1,000 steps take 3 s and 10,000 take 6 s.
 * @param {number} milliseconds */
export const stepsAt = (milliseconds) => Math.min(MOST_STEPS, Math.ceil(40 * Math.expm1(milliseconds / 1000)));

/** How many pairs of waves came in the order of the bet.  A pair of which both were learned at
 * one step, or neither, decides nothing.
 * @param {number[]} bet  waves, the first one first
 * @param {(number | null)[]} learned  when each wave was, null: not yet @returns {Score} */
export function scoreOf(bet, learned) {
  let [right, decided] = [0, 0];
  const when = bet.map((wave) => learned[wave] ?? Infinity);
  for (let late = 1; late < when.length; late++) {
    for (let early = 0; early < late; early++) {
      right += Number(when[early] < when[late]);
      decided += Number(when[early] !== when[late]);
    }
  }
  return { right, decided };
}

/** In which order the waves are laid out, which says nothing about their frequency.
 * @param {number} count @param {number} seed @returns {number[]} */
export function shuffled(count, seed) {
  const next = uniform(seed + 1);
  const keys = Array.from({ length: count }, next);
  return keys.map((_, i) => i).sort((a, b) => keys[a] - keys[b]);
}

/** @param {(answer: (answer: Answer) => void) => Pick<import("../playground/host.js").Host, "start" | "train">} host
 * @param {(laidOut: boolean) => void} changed  what is shown; with other waves, if it has to be laid out */
export function state(host, changed) {
  /** @type {Name} */
  let curve = "equal";
  /** @type {Stage} */
  let stage = "betting";
  /** @type {Problem | undefined} */
  let problem;
  /** @type {Snapshot} */
  let snapshot;
  /** @type {Wave[]} */
  let waves = [];
  /** @type {number[]} */
  let bet = [];
  let drawing = Array(DRAWN_POINTS).fill(0);
  let [seed, time] = [0, 0];
  let [waiting, fresh] = [false, false]; // for an answer; for one with another problem

  const engine = host((answer) => {
    waiting = false;
    snapshot = answer.snapshot;
    if (answer.problem) {
      problem = answer.problem;
      waves = wavesOf(problem);
      fresh = false;
    }
    const over = snapshot.step >= MOST_STEPS || snapshot.diverged || learned().every((step) => step !== null);
    if (stage === "training" && over) stage = "done";
    changed(Boolean(answer.problem));
  });

  /** When each wave was learned. */
  const learned = () => waves.map(({ followed }) => snapshot.learned[followed]);

  /** A new network, which nobody has bet on. */
  function begin() {
    [stage, bet, time] = ["betting", [], 0];
    waiting = fresh = true;
    engine.start(settingsOf(curve, seed, drawing));
  }

  const complete = () => waves.length > 1 && bet.length === waves.length;

  return {
    get curve() { return curve; },
    get stage() { return stage; },
    get problem() { return problem; },
    get snapshot() { return snapshot; },
    get waves() { return waves; },
    get bet() { return bet; },
    get drawing() { return drawing; },
    /** The waves as they are laid out. */
    get layout() { return shuffled(waves.length, seed); },
    learned,
    complete,
    score: () => scoreOf(bet, learned()),
    /** How much of each wave the network has. */
    shares: () => waves.map(({ followed }) => Math.max(0, 1 - snapshot.errors[followed])),
    begin,
    /** @param {Name} name */
    choose(name) {
      curve = name;
      begin();
    },
    /** @param {number[]} values */
    draw(values) {
      drawing = values;
      begin();
    },
    /** Put a wave next in the bet, or take it out again.  The last one has no choice: it comes and
     * goes with the others, and to press it does nothing.
     * @param {number} wave */
    pick(wave) {
      if (stage !== "betting" || fresh) return;
      const chosen = complete() ? bet.slice(0, -1) : bet;
      if (chosen.includes(wave)) {
        bet = chosen.filter((other) => other !== wave);
      } else if (!bet.includes(wave)) {
        bet = [...bet, wave];
        const left = waves.map((_, i) => i).filter((i) => !bet.includes(i));
        if (left.length === 1) bet = [...bet, ...left];
      }
      changed(false);
    },
    train() {
      if (stage !== "betting" || !complete()) return;
      stage = "training";
      changed(false);
    },
    /** A frame went by. @param {number} milliseconds */
    more(milliseconds) {
      if (stage !== "training") return;
      time += Math.min(LONGEST_FRAME, milliseconds);
      if (waiting) return;
      waiting = true;
      engine.train(stepsAt(time));
    },
    /** The same kind of curve, with other phases and another network. */
    again() {
      seed += 1;
      begin();
    },
  };
}
