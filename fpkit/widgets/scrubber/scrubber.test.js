import assert from "node:assert/strict";
import { test } from "node:test";
import { tame } from "./scrubber.js";

test("a wild output leaves an axis on which the target can be seen", () => {
  const [low, high] = tame([-1, 1], [-14, 30]);
  assert.ok(low < -1.5 && low > -2 && high > 1.5 && high < 2);
});

test("a flat target hides no output", () => {
  const [low, high] = tame([0, 0], [-2, 3]);
  assert.ok(low < -2 && high > 3);
});

test("a tame one has all of it, with a little room", () => {
  const [low, high] = tame([0, 1], [-0.1, 0.9]);
  assert.ok(low < -0.1 && low > -0.2 && high > 1 && high < 1.1);
});
