import assert from "node:assert/strict";
import { test } from "node:test";
import { comparison } from "./grip.js";

/** @param {number} k @param {number[]} pulls */
const said = (k, pulls) => comparison({ w: 1, place: 0, k, at: "w" }, pulls);

test("a frequency is compared with the lowest, and that one with the highest", () => {
  assert.equal(said(3, [1, 0.5, 0.01, 0]), "an error of frequency 3 pulls at w 1 % as hard as one of frequency 1");
  assert.equal(said(1, [1, 0.5, 0.1, 0.25]), "an error of frequency 1 pulls at w 4 times as hard as one of frequency 4");
});

test("what is tiny or huge is said as a bound", () => {
  assert.match(said(2, [1, 9e-5]), / less than 0.01 % as hard /);
  assert.match(said(2, [1e-5, 1]), / more than 10,000 times as hard /);
  assert.match(said(2, [1, 1234.5]), / 1,235 times as hard /);
  assert.match(said(2, [1, 0.0123]), / 1.2 % as hard /);
});
