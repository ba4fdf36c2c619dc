import assert from "node:assert/strict";
import { test } from "node:test";
import { amplitudes, even, transform } from "./fourier.js";

/** F[k], term by term. @param {ArrayLike<number>} t @param {number[]} values @param {number} k */
const direct = (t, values, k) => [Math.cos, Math.sin].map((wave) =>
  values.reduce((sum, f, j) => sum + f * wave(-2 * Math.PI * k * t[j]), 0) / values.length);

const places = [...[16, 40, 41, 200].map(even), Float32Array.of(0, 0.1, 0.35, 0.36, 0.8)];
for (const t of places) {
  test(`the transform of ${t.length} points is the sum, term by term`, () => {
    const values = Array.from(t, (_, j) => Math.sin(j * j));
    const { re, im } = transform(t)(values);
    assert.equal(re.length, Math.floor(t.length / 2) + 1);
    re.forEach((_, k) => {
      const [real, imaginary] = direct(t, values, k);
      assert.ok(Math.abs(re[k] - real) < 1e-12 && Math.abs(im[k] - imaginary) < 1e-12, `k = ${k}`);
    });
  });
}

test("only as many modes as are wanted", () => {
  const t = even(40);
  const values = Array.from(t, Math.exp);
  const [all, few] = [transform(t)(values), transform(t, 5)(values)].map(amplitudes);
  assert.deepEqual([...few], [...all.slice(0, 5)]);
});
