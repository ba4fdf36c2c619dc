import assert from "node:assert/strict";
import { test } from "node:test";
import { normal, uniform } from "./random.js";

/** Tommy Ettinger's generator once more, in integers of any size.
 * @param {number} seed @param {number} count */
function mulberry32(seed, count) {
  const mask = 2n ** 32n - 1n;
  let state = BigInt(seed);
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5n) & mask;
    let t = ((state ^ (state >> 15n)) * (state | 1n)) & mask;
    t ^= (t + (t ^ (t >> 7n)) * (t | 61n)) & mask;
    return Number((t ^ (t >> 14n)) & mask) / 2 ** 32;
  });
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const draw = (next, count) => Array.from({ length: count }, () => next());

for (const seed of [0, 1, 99, 1_000_003]) {
  test(`uniform numbers of seed ${seed}`, () => {
    assert.deepEqual(draw(uniform(seed), 4000), mulberry32(seed, 4000));
  });

  test(`normal numbers of seed ${seed}`, () => {
    const u = mulberry32(seed, 8000);
    const found = draw(normal(seed), 4000);
    found.forEach((value, i) => {
      const wanted = Math.sqrt(-2 * Math.log(1 - u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]);
      assert.equal(value, wanted);
    });
    assert.ok(Math.abs(mean(found)) < 0.06);
    assert.ok(Math.abs(mean(found.map((value) => value ** 2)) - 1) < 0.1);
  });
}
