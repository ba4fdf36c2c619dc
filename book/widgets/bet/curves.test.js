import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, DRAWN_POINTS } from "../playground/parameters.js";
import { trainer } from "../playground/trainer.js";
import { CURVES, MOST_WAVES, settingsOf, wavesOf } from "./curves.js";

const problem = (name, drawing = DEFAULTS.drawing) => trainer(settingsOf(name, 7, drawing)).problem;

test("three equal waves are equally high, whatever their phases", () => {
  const waves = wavesOf(problem("equal"));
  assert.deepEqual(waves.map(({ k }) => k), [1, 3, 5]);
  waves.forEach(({ height }) => assert.ok(Math.abs(height - 1) < 1e-12));
});

test("the fast wave is three times as high as the others", () => {
  const heights = wavesOf(problem("triple")).map(({ height }) => height);
  [1, 1, 3].forEach((wanted, i) => assert.ok(Math.abs(heights[i] - wanted) < 1e-12));
});

test("the waves add up to the curve", () => {
  const { clean, ...rest } = problem("equal");
  const waves = wavesOf({ clean, ...rest });
  clean.forEach((value, j) => {
    const sum = waves.reduce((s, { k, height, phase }) => s + height * Math.cos(2 * Math.PI * k * j / clean.length + phase), 0);
    assert.ok(Math.abs(sum - value) < 1e-12);
  });
});

test("of many waves the highest are asked for, slow ones first", () => {
  const heights = { 1: 4, 2: 1, 3: 5, 4: 3, 5: 2, 6: 6 };
  const modes = Object.keys(heights).map(Number);
  const clean = Float64Array.from({ length: 64 }, (_, j) =>
    modes.reduce((sum, k) => sum + heights[k] * Math.cos((2 * Math.PI * k * j) / 64), 0));
  const waves = wavesOf({ clean, modes });
  assert.equal(waves.length, MOST_WAVES);
  assert.deepEqual(waves.map(({ k, followed }) => [k, followed]), [[1, 0], [3, 2], [4, 3], [6, 5]]);
});

test("what is too low to be seen is not asked for", () => {
  const clean = Float64Array.from({ length: 64 }, (_, j) => [1, 0.2, 0.05].reduce((sum, a, i) =>
    sum + a * Math.cos((2 * Math.PI * (2 * i + 1) * j) / 64), 0));
  assert.deepEqual(wavesOf({ clean, modes: [1, 3, 5] }).map(({ k }) => k), [1, 3]);
});

test("nothing drawn has no wave, a drawn wave has its own", () => {
  assert.deepEqual(wavesOf(problem("drawn")), []);
  const two = Array.from({ length: DRAWN_POINTS }, (_, i) => Math.sin((4 * Math.PI * i) / (DRAWN_POINTS - 1)));
  assert.equal(wavesOf(problem("drawn", two))[0].k, 2);
});

test("every curve has a name of its own", () => {
  assert.equal(new Set(Object.values(CURVES).map(({ label }) => label)).size, Object.keys(CURVES).length);
});
