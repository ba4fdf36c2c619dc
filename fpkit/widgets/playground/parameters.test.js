import assert from "node:assert/strict";
import { test } from "node:test";
import { CHOICES, DEFAULTS, PRESETS, RANGES, checked, nearest } from "./parameters.js";

test("defaults and examples are allowed as they are", () => {
  for (const given of [{}, DEFAULTS, ...Object.values(PRESETS)]) {
    assert.deepEqual(checked(given), { settings: { ...DEFAULTS, ...given }, notes: [] });
  }
});

test("a range has steps, from its lowest value", () => {
  assert.equal(nearest(RANGES.samples, 41.2), 42);
  assert.equal(nearest(RANGES.noise, 0.3), 0.3);
  assert.equal(nearest(RANGES.lr, 0.0012345), 0.00123);
  assert.equal(nearest(RANGES.lr, Infinity), NaN);
});

test("every setting has a control", () => {
  const lists = ["amplitudes", "drawing"];
  assert.deepEqual(new Set([...Object.keys(CHOICES), ...Object.keys(RANGES), ...lists]), new Set(Object.keys(DEFAULTS)));
});
