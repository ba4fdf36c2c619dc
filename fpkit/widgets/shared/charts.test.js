import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, fineTicks, percent, roundTicks, scale } from "./charts.js";

const LIMITS = /** @type {[number, number]} */ ([0, 100]);

test("labels keep the order of the curves' ends", () => {
  assert.deepEqual(apart([50, 10, 90], 13, LIMITS), [50, 10, 90]);
  const [a, b, c] = apart([54, 50, 52], 13, LIMITS);
  assert.ok(b + 13 <= c && c + 13 <= a);
});

test("curves that end together are named in their own order", () => {
  const ends = [50.4, 50, 51.1, 49.9, 50.7]; // nobody sees which is higher
  const labels = apart(ends, 13, LIMITS);
  labels.slice(1).forEach((at, i) => assert.ok(at >= labels[i] + 13, String(labels)));
});

test("a curve that is seen to end elsewhere stays on its side of those that end together", () => {
  const [above, first, second] = apart([40, 50.5, 50], 13, LIMITS);
  assert.ok(above + 13 <= first && first + 13 <= second);
});

test("they come from the last to the first where the others do so", () => {
  const labels = apart([90, 70, 20.3, 20, 20.8], 13, LIMITS); // the fast ones are on top
  labels.slice(1).forEach((at, i) => assert.ok(at <= labels[i] - 13, String(labels)));
});

test("labels stay within the limits", () => {
  const labels = apart([99, 99.5, 100, 98], 13, LIMITS);
  assert.ok(Math.max(...labels) <= 100);
  labels.slice(1, 3).forEach((at, i) => assert.ok(Math.abs(at - labels[i]) >= 13));
});

test("a logarithmic axis of few decades has ticks between its powers of ten", () => {
  const labels = fineTicks(scale([0.15, 6], [200, 0], Math.log10)).map(({ label }) => label);
  assert.deepEqual(labels, ["0.2", "0.5", "1", "2", "5"]);
  assert.deepEqual(fineTicks({ domain: [0.1, 0.2] }).map(({ at }) => at), [0.1, 0.2]);
});

test("one of many decades has the powers alone", () => {
  const labels = fineTicks({ domain: [0.001, 2] }, percent).map(({ label }) => label);
  assert.deepEqual(labels, ["0.1 %", "1 %", "10 %", "100 %"]);
});

test("an axis has two round ticks or more, however little room there is", () => {
  const wild = roundTicks({ domain: [-0.9, 0.9] }, 40, 40).map(({ label }) => label);
  assert.deepEqual(wild, ["−0.5", "0", "0.5"]);
  assert.equal(roundTicks({ domain: [0, 0] }, 40, 40).length < 2, true);
});
