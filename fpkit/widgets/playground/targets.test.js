import assert from "node:assert/strict";
import { test } from "node:test";
import { amplitudes, even, transform } from "../shared/fourier.js";
import { DEFAULTS } from "./parameters.js";
import { TARGETS, sample } from "./targets.js";

const of = (choice) => sample({ ...DEFAULTS, ...choice });
const near = (found, wanted) => {
  assert.equal(found.length, wanted.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-12, `${i}: ${value}, ${wanted[i]}`));
};

for (const target of Object.keys(TARGETS)) {
  test(`${target}: points are even, and those of the test half-way between them`, () => {
    const { x, testX, y, clean } = of({ target, samples: 16 });
    const step = x[1] - x[0];
    near([...x], Array.from(x, (_, j) => x[0] + j * step));
    near([...testX], Array.from(testX, (_, j) => x[j] + step / 2));
    near([...y], [...clean]); // no noise
  });
}

test("a staircase has stairs of height 1/2", () => {
  assert.deepEqual(new Set(of({ target: "staircase" }).clean.map((v) => 2 * v + 0)), new Set([-2, -1, 0, 1, 2]));
});

test("a target drawn by hand goes straight from point to point", () => {
  const { x, clean, range } = of({ target: "drawn", drawing: [0.5, -1, 1], samples: 20 });
  near([...clean], [...x].map((v) => (v < 0 ? 0.5 - 1.5 * (v + 1) : -1 + 2 * v)));
  assert.ok(range);
});

test("sines have the amplitudes that were asked for", () => {
  const { x, clean } = of({ target: "sines", amplitudes: [0, 1, 0.5] });
  near([...clean], [...x].map((v) => Math.sin(3 * v) + 0.5 * Math.sin(5 * v)));
});

test("equal waves are equal", () => {
  const { clean, modes } = of({ target: "equal", samples: 40 });
  amplitudes(transform(even(40))(clean)).forEach((a, k) => {
    assert.ok(Math.abs(a - (modes?.includes(k) ? 0.5 : 0)) < 1e-12);
  });
});

test("waves above the samples are not followed", () => {
  assert.deepEqual(of({ target: "equal", samples: 16 }).modes, [1, 3, 5, 7]);
});

test("a flipped line alternates at the samples", () => {
  const { x, clean } = of({ target: "flipped", samples: 40 });
  near([...clean], [...x].map((v, j) => (-1) ** j * v));
});

test("noise is normal, and its seed is that of the data", () => {
  const choice = { target: "sine", samples: 256, noise: 0.5, data_seed: 3 };
  const { y, clean } = of(choice);
  const noise = [...y].map((value, j) => value - clean[j]);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const square = noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length;
  assert.ok(Math.abs(mean) < 0.1);
  assert.ok(Math.abs(Math.sqrt(square) - 0.5) < 0.07);
  assert.deepEqual(of(choice).y, y);
  assert.notDeepEqual(of({ ...choice, data_seed: 4 }).y, y);
});
