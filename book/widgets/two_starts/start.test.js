import assert from "node:assert/strict";
import { test } from "node:test";
import { closedSpectrum, nyquist, places, shareAbove, start } from "./start.js";

const HEIGHTS = [0, 0.6, 0.9, 0.3, -0.4, -0.2, 0.5, 0.2, -0.7, -0.5, 0];
const MANY = 20_000;

/** @param {number} std @param {number} seed */
function trained(std, seed) {
  const run = start(HEIGHTS, { std, seed });
  run.train(MANY);
  return run;
}

for (const seed of [0, 1, 2]) {
  test(`both starts fit the points, and only the small one is calm (seed ${seed})`, () => {
    const [small, large] = [0.1, 2].map((std) => trained(std, seed));
    for (const run of [small, large]) {
      assert.ok(run.fitted && run.step > 50 && run.step < MANY);
      const { outputs } = run.curve();
      for (const [x, j] of [[-1, 0], [0, 5], [1, 10]]) { // the points that are places of the curve
        assert.ok(Math.abs(outputs[run.places.indexOf(x)] - HEIGHTS[j]) < 0.02);
      }
    }
    const [calm, wild] = [small, large].map((run) => shareAbove(run.curve().sizes, nyquist(HEIGHTS.length)));
    assert.ok(calm < 0.02, String(calm));
    assert.ok(wild > 0.1, String(wild));
  });
}

test("steps one by one are those at once, and none is made after the fit", () => {
  const [one, all] = [0, 1].map(() => start(HEIGHTS, { std: 0.1, seed: 0 }));
  for (let n = 0; n < 40; n++) one.train(1);
  all.train(40);
  assert.equal(one.step, 40);
  assert.deepEqual(one.curve().outputs, all.curve().outputs);
  all.train(MANY);
  const { step } = all;
  all.train(10);
  assert.equal(all.step, step);
});

test("points of the curve's own heights are fitted at once", () => {
  const run = start([0, 0, 0], { std: 1e-4, seed: 0 });
  assert.ok(run.fitted);
  run.train(5);
  assert.equal(run.step, 0);
});

test("even points and their Nyquist frequency", () => {
  assert.deepEqual([...places(5)], [-1, -0.5, 0, 0.5, 1]);
  const at = places(11);
  const k = nyquist(11);
  assert.deepEqual([...at.map((x) => Math.round(Math.cos(Math.PI * k * (x + 1))))], [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1]);
});

test("the share of power above a frequency leaves out the mean", () => {
  assert.equal(shareAbove([9, 3, 0, 4], 2), 16 / 25);
  assert.equal(shareAbove([9, 3, 0, 4], 3), 0);
  assert.equal(shareAbove([9, 0, 0], 1), 0);
});

test("the spectrum of waves, and of a straight line", () => {
  const line = places(257).map((x) => 3 + 2 * x);
  const sizes = closedSpectrum(line.map((value, j) => value + Math.cos((2 * Math.PI * 3 * j) / 256) + 0.5 * Math.sin((2 * Math.PI * 7 * j) / 256)));
  assert.equal(sizes.length, 21);
  sizes.slice(1).forEach((size, i) => assert.ok(Math.abs(size - ({ 3: 0.5, 7: 0.25 }[i + 1] ?? 0)) < 1e-12));
});
