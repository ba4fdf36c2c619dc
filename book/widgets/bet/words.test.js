import assert from "node:assert/strict";
import { test } from "node:test";
import { CURVES } from "./curves.js";
import { outcome, scored } from "./words.js";

const waves = [1, 3, 5].map((k) => ({ k }));

for (const curve of Object.keys(CURVES)) {
  test(`${curve}: what was learned from slow to fast is told apart from what was not`, () => {
    const slowFirst = outcome(curve, waves, [10, 20, 30]);
    const otherwise = outcome(curve, waves, [10, 40, 30]);
    assert.match(slowFirst, /slow (ones|waves)/);
    assert.match(otherwise, /^The network learned k = 1, then 5, then 3\. That is not from slow to fast/);
  });
}

test("two waves that are learned at one step are in no order", () => {
  assert.match(outcome("equal", waves, [10, 20, 20]), /not from slow to fast/);
});

test("what was not learned is named", () => {
  assert.match(outcome("equal", waves, [10, 20, null]), /slow ones first\. 10,000 steps were too few for k = 5\./);
  assert.match(outcome("equal", waves, [10, null, 30]), /^The network learned k = 1, then 5\. .* too few for k = 3\./);
  assert.equal(outcome("equal", waves, [null, null, null]), "Nothing was learned. 10,000 steps were too few for k = 1, 3, 5.");
});

test("scores in words", () => {
  assert.equal(scored({ right: 2, decided: 3 }), "You had 2 of 3 pairs in the right order.");
  assert.equal(scored({ right: 0, decided: 1 }), "You had 0 of 1 pair in the right order.");
});
