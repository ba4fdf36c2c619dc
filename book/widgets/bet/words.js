/**
 * What a bet's outcome is in words.
 *
 * @typedef {import("./curves.js").Name} Name
 * @typedef {import("./curves.js").Wave} Wave
 * @typedef {import("./state.js").Score} Score
 */
import { integer } from "../shared/charts.js";
import { MOST_STEPS } from "./state.js";

export const PLACES = ["first", "second", "third", "fourth"];
export const SHORT = ["1st", "2nd", "3rd", "4th"];

/** @type {Record<Name, string>} */
const SLOW_FIRST = {
  equal: "All waves are equally high, and the network learned the slow ones first.",
  triple: "The fast wave is three times as high, and still the network learned the slow ones first.",
  staircase: "The network learned the slow waves first. Here they are also the highest: equal waves are the fairer bet.",
  drawn: "The network learned the slow waves of your curve first.",
};
/** @type {Record<Name, string>} */
const OTHERWISE = {
  equal: "That is not from slow to fast: the principle is no law for every network. Try again.",
  triple: "That is not from slow to fast: a wave that is high enough can overtake. Try again, or with equal waves.",
  staircase: "That is not from slow to fast: the principle is no law for every network. Try again.",
  drawn: "That is not from slow to fast. Were the waves equally high? Height counts, too.",
};

/** @param {Score} score */
export const scored = ({ right, decided }) =>
  `You had ${right} of ${decided} ${decided === 1 ? "pair" : "pairs"} in the right order.`;

/** What happened, in a sentence or two.
 * @param {Name} curve @param {Wave[]} waves @param {(number | null)[]} learned  when each wave was */
export function outcome(curve, waves, learned) {
  const done = waves.map(({ k }, i) => ({ k, step: learned[i] ?? Infinity }));
  const order = done.filter(({ step }) => step < Infinity).sort((a, b) => a.step - b.step);
  const missing = done.filter(({ step }) => step === Infinity);
  const slowFirst = done.every(({ step }, i) => !i || step > done[i - 1].step || step === Infinity);
  const end = missing.length
    ? ` ${integer(MOST_STEPS)} steps were too few for k = ${missing.map(({ k }) => k).join(", ")}.` : "";
  if (!order.length) return `Nothing was learned.${end}`;
  if (slowFirst) return SLOW_FIRST[curve] + end;
  return `The network learned k = ${order.map(({ k }) => k).join(", then ")}. ${OTHERWISE[curve]}${end}`;
}
