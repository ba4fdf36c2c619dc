import assert from "node:assert/strict";
import { test } from "node:test";
import { law, pull, pullOnAll, spectrum } from "./unit.js";

const UNITS = [[0.3, 0.6], [0.5, 0], [1, -2], [2, 0.7], [6, 3]];

/** F(k) by a plain sum: the derivative of the unit decays, and dividing by ik undoes it.
 * @param {number} k @param {number} w @param {number} b */
function bySum(k, w, b) {
  const step = 0.01 / w;
  let [re, im] = [0, 0];
  for (let j = -4000; j <= 4000; j++) {
    const x = j * step - b / w;
    const slope = (w / Math.cosh(w * x + b) ** 2) * step;
    re -= (slope * Math.sin(k * x)) / k;
    im -= (slope * Math.cos(k * x)) / k;
  }
  return { re, im };
}

const near = (found, wanted, error) => assert.ok(Math.abs(found - wanted) < error, `${found}, ${wanted}`);

for (const [w, b] of UNITS) {
  test(`the spectrum for w = ${w}, b = ${b} is that of a sum`, () => {
    for (const k of [1, 2, 5, 8]) {
      const { re, im } = bySum(k, w, b);
      near(spectrum(k, w), Math.hypot(re, im), 1e-10);
    }
  });

  test(`the pull for w = ${w}, b = ${b} is the derivative of that sum`, () => {
    const h = 1e-5 * w;
    for (const k of [1, 2, 5, 8]) {
      const [above, below] = [bySum(k, w + h, b), bySum(k, w - h, b)];
      const wanted = Math.hypot(above.re - below.re, above.im - below.im) / (2 * h);
      near(pull(k, w, b), wanted, 1e-7 * (1 + wanted));
    }
  });
}

test("the law is the spectrum where k is large against w", () => {
  for (const [k, w] of [[2, 0.3], [8, 0.5], [4, 2]]) near(law(k, w) / spectrum(k, w), 1, 0.002);
  for (const w of [0.3, 2, 6]) near(law(1, w) / spectrum(1, w), 1 - Math.exp(-Math.PI / w), 1e-12);
});

test("the pull on all three has that on a and on b in it, and slow waves pull harder at any weight", () => {
  for (const [w, b] of UNITS) {
    const all = [1, 2, 4, 8].map((k) => pullOnAll(k, w, b));
    const wanted = Math.sqrt(spectrum(2, w) ** 2 + ((2 / w) * spectrum(2, w)) ** 2 + pull(2, w, b) ** 2);
    near(all[1] / wanted, 1, 1e-12);
    for (let i = 1; i < all.length; i++) assert.ok(all[i] < all[i - 1], `${w}, ${b}: ${all}`);
  }
});

// From `loss_gradients` in Python: the largest of |∂L(k)/∂w| over 3,600 phases of an error of size 1.
test("the pull is that of Python's gradients", () => {
  const numbers = [
    [1, 0.5, 0, 2.343093], [8, 0.5, 0, 7.376251e-9], [8, 2, 0, 0.015497731],
    [1, 2, 0.7, 0.36341075], [3, 1, -2, 0.3983001], [8, 6, 3, 0.090884946],
  ];
  for (const [k, w, b, wanted] of numbers) near(pull(k, w, b) / wanted, 1, 1e-6);
});
