import assert from "node:assert/strict";
import { test } from "node:test";
import { fromAddress, toAddress } from "./address.js";
import { DEFAULTS, MOST_STEPS, PRESETS } from "./parameters.js";

test("an address says what differs from the defaults, and is read back", () => {
  assert.equal(toAddress(DEFAULTS), "#playground");
  for (const given of Object.values(PRESETS)) {
    const settings = { ...DEFAULTS, ...given };
    assert.deepEqual(fromAddress(toAddress(settings, 60)), { settings, steps: 60, notes: [] });
  }
});

test("every step fits in an address", () => {
  for (const steps of [1, 100_001, 1_234_567, MOST_STEPS]) {
    assert.deepEqual(fromAddress(toAddress(DEFAULTS, steps)), { settings: DEFAULTS, steps, notes: [] });
  }
  assert.deepEqual(fromAddress(`#playground&steps=${MOST_STEPS + 1}`)?.notes, ["steps: 10000001 became 10000000"]);
  assert.equal(fromAddress("#playground&steps=x")?.steps, 0);
});

test("another address is not for the playground", () => {
  for (const hash of ["", "#play", "#playgrounds&width=5"]) assert.equal(fromAddress(hash), null);
});

for (const [text, note] of Object.entries({
  "width=1000": "width: 1000 became 200",
  "width=": "width: nothing became 32",
  "lr=0": "learning rate: 0 became 0.00001",
  "lr=fast": "learning rate: fast became 0.003",
  "target=stairs": "target: “stairs” is not known, “staircase” is used",
  "target=constructor": "target: “constructor” is not known, “staircase” is used",
  "amplitudes=1_9": "amplitude 2: 9 became 5",
  "widht=3": "“widht” is no setting",
})) {
  test(`${text}: what is not allowed is replaced, and said`, () => {
    assert.deepEqual(fromAddress(`#playground&${text}`)?.notes, [note]);
  });
}
