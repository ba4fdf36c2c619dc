import assert from "node:assert/strict";
import { test } from "node:test";
import { amplitudes, even, transform } from "../shared/fourier.js";
import { uniform } from "./random.js";
import { peaks, relativeErrors } from "./spectrum.js";

const noise = (count, seed) => Array.from({ length: count }, uniform(seed));

test("a wave is at its frequency index, with half its amplitude", () => {
  const wave = Array.from({ length: 40 }, (_, j) => 3 * Math.cos((2 * Math.PI * 5 * j) / 40 + 1));
  const found = amplitudes(transform(even(40))(wave));
  found.forEach((a, k) => assert.ok(Math.abs(a - (k === 5 ? 1.5 : 0)) < 1e-12, `k = ${k}`));
  assert.deepEqual(peaks(found), [5]);
});

test("relative errors are of complex numbers", () => {
  const target = { re: Float64Array.of(0, 1, 3), im: Float64Array.of(0, 0, 4) };
  const turned = { re: Float64Array.of(0, 0, 3), im: Float64Array.of(0, 1, 4) };
  const [first, second] = relativeErrors(turned, target, [1, 2]);
  assert.ok(Math.abs(first - Math.SQRT2) < 1e-15);
  assert.equal(second, 0);
});

test("a peak stands above what separates it from a higher one by a quarter of its height", () => {
  assert.deepEqual(peaks([9, 1, 4, 2, 3.8, 0, 0]), [2, 4]);
  assert.deepEqual(peaks([9, 1, 4, 3.5, 3.8, 0, 0]), [2]);
  assert.deepEqual(peaks([9, 1, 4, 3.5, 3.8, 0, 0], 0.05), [2, 4]);
  assert.deepEqual(peaks([0, 3, 1, 1e-10, 2e-10, 0, 0]), [1]); // the rest is rounding error
});

test("nothing has no peaks", () => {
  assert.deepEqual(peaks(amplitudes(transform(even(16))(new Float64Array(16)))), []);
  assert.deepEqual(peaks(amplitudes(transform(even(16))(new Float64Array(16).fill(7)))), []);
});
