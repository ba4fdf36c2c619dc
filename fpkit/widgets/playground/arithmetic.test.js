import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmetic } from "./arithmetic.js";
import { ACTIVATIONS, OPTIMIZERS, PLAIN, backward, forward, initialize, network, pass } from "./engine.js";
import { normal } from "./random.js";

const draw = (count, seed) => Array.from({ length: count }, normal(seed));
const furthest = (a, b) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
const largest = (values) => Math.max(...Array.from(values, Math.abs));

test("here is WebAssembly, or the tests below would compare a thing with itself", () => {
  assert.notEqual(arithmetic(), PLAIN);
  assert.ok(arithmetic().array(3) instanceof Float32Array);
});

test("without WebAssembly it is the plain one", () => {
  const { WebAssembly } = globalThis;
  delete globalThis.WebAssembly;
  assert.equal(arithmetic(), PLAIN);
  globalThis.WebAssembly = WebAssembly;
});

test("two networks do not share their memory", () => {
  const [one, other] = [arithmetic(), arithmetic()].map(({ array }) => array(8));
  one.fill(1);
  assert.ok(other.every((value) => value === 0));
});

test("products are those of the plain one, of transposes, too", () => {
  // Blocks of 4 × 8 leave rests of every size.
  for (const [rows, columns, inner] of [[1, 1, 1], [4, 8, 3], [5, 9, 2], [3, 7, 6], [9, 20, 5], [16, 33, 10]]) {
    for (const [rowA, stepA, stepB, columnB] of [[inner, 1, columns, 1], [1, rows, 1, inner]]) {
      const [wanted, found] = [PLAIN, arithmetic()].map(({ array, addProduct }) => {
        const [C, A, B] = [rows * columns, rows * inner, inner * columns].map(array);
        A.set(draw(A.length, 3));
        B.set(draw(B.length, 4));
        C.fill(1);
        addProduct(C, rows, columns, inner, A, rowA, stepA, B, stepB, columnB);
        return C;
      });
      assert.ok(furthest(wanted, found) < 1e-5);
    }
  }
});

test("tanh is right to 3 units in the last place, large and small, and so is its slope", () => {
  const { array, activations } = arithmetic();
  const sizes = [1e-30, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.9, 1, 2, 3, 5, 8, 9, 12, 50, 1e5, Infinity];
  const z = Float32Array.from(sizes.flatMap((size) => [size, -size]));
  const [values, slopes] = [array(z.length), array(z.length)];
  values.set(z);
  activations.tanh(values, slopes);
  z.forEach((at, i) => {
    const wanted = Math.tanh(at);
    assert.ok(Math.abs(values[i] - wanted) <= 3 * 2 ** -24 * Math.abs(wanted), `tanh ${at}: ${values[i]}`);
    assert.ok(Math.abs(slopes[i] - (1 - wanted * wanted)) < 4e-7);
  });
});

test("tanh of what is no number is none", () => {
  const { array, activations } = arithmetic();
  const [values, slopes] = [array(4).fill(NaN), array(4)];
  activations.tanh(values, slopes);
  assert.ok(values.every(Number.isNaN));
});

const SHAPES = [[1, 1], [1, 5, 1], [2, 3, 2], [1, 32, 32, 1], [1, 17, 30, 9, 1]];
for (const activation of Object.keys(ACTIVATIONS)) {
  for (const widths of SHAPES) {
    test(`gradients, and outputs after 50 steps, of ${widths.join("-")} with ${activation} differ by rounding`, () => {
      const points = 19;
      const targets = draw(points * widths[widths.length - 1], 2);
      const [wanted, found] = [PLAIN, arithmetic()].map((way) => {
        const net = network(widths, activation, way);
        initialize(net, normal(0), 0.5, 0.3);
        const room = pass(net, draw(points * widths[0], 1));
        const update = OPTIMIZERS.adam(net.parameters.length, 1e-3, way);
        forward(net, room);
        const loss = backward(net, room, targets);
        const gradient = net.gradient.slice();
        for (let step = 0; step < 50; step++) {
          update(net.parameters, net.gradient);
          forward(net, room);
          backward(net, room, targets);
        }
        return { loss, gradient, outputs: room.outputs };
      });
      assert.ok(Math.abs(wanted.loss - found.loss) < 1e-5 * wanted.loss);
      assert.ok(furthest(wanted.gradient, found.gradient) < 1e-5 * largest(wanted.gradient));
      assert.ok(furthest(wanted.outputs, found.outputs) < 1e-3 * largest(wanted.outputs));
    });
  }
}
