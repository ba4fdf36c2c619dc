import assert from "node:assert/strict";
import { test } from "node:test";
import { said } from "./two_starts.js";

test("a share is told when the points are fitted, and not before", () => {
  assert.equal(said("small", { step: 0, fitted: false }, 0.08), "small start: step 0, not fitted yet");
  assert.equal(said("large", { step: 1234, fitted: true }, 0.284),
    "large start: fitted at step 1,234, 28 % of its power above Nyquist");
});
