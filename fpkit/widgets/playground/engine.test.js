import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIVATIONS, OPTIMIZERS, addProduct, backward, forward, initialize, network, pass } from "./engine.js";
import { normal } from "./random.js";

const draw = (count, seed) => Array.from({ length: count }, normal(seed));

/** @param {number[]} widths @param {string} activation */
function example(widths, activation) {
  const net = network(widths, activation);
  initialize(net, normal(0), 0.5, 0.3);
  const [points, last] = [7, widths.length - 1];
  const room = pass(net, draw(points * widths[0], 1));
  const targets = draw(points * widths[last], 2);
  return { net, room, targets };
}

test("the output is that of the layers, one after the other", () => {
  const { net, room } = example([2, 3, 1], "tanh");
  const outputs = forward(net, room);
  const [first, second] = net.layers;
  for (let n = 0; n < room.points; n++) {
    const hidden = [0, 1, 2].map((c) => Math.tanh(first.biases[c] +
      room.inputs[0][2 * n] * first.weights[c] + room.inputs[0][2 * n + 1] * first.weights[3 + c]));
    const wanted = hidden.reduce((sum, h, c) => sum + h * second.weights[c], second.biases[0]);
    assert.ok(Math.abs(outputs[n] - wanted) < 1e-14);
  }
});

// Blocks of 4 × 2 leave rests of every size.
const SHAPES = [[1, 1], [1, 1, 1], [2, 3, 2], [1, 17, 32, 9, 1], [1, 4, 5, 6, 7, 1]];
for (const activation of Object.keys(ACTIVATIONS)) {
  for (const widths of SHAPES) {
    test(`the gradient of ${widths.join("-")} with ${activation} is that of differences`, () => {
      const { net, room, targets } = example(widths, activation);
      const loss = () => forward(net, room).reduce((sum, o, i) => sum + (o - targets[i]) ** 2, 0) / targets.length;
      forward(net, room);
      const found = backward(net, room, targets);
      const gradient = [...net.gradient];
      assert.ok(Math.abs(found - loss()) < 1e-12 * found);
      const size = Math.max(...gradient.map(Math.abs));
      const h = 1e-6;
      gradient.forEach((value, i) => {
        const here = net.parameters[i];
        net.parameters[i] = here + h;
        const above = loss();
        net.parameters[i] = here - h;
        const wanted = (above - loss()) / (2 * h);
        net.parameters[i] = here;
        assert.ok(Math.abs(value - wanted) < 1e-6 * size, `parameter ${i}: ${value}, ${wanted}`);
      });
    });
  }
}

test("a product adds to what is there, of transposes, too", () => {
  for (const [rows, columns, inner] of [[1, 1, 1], [4, 2, 3], [5, 3, 2], [9, 7, 5]]) {
    const [A, B] = [Float64Array.from(draw(rows * inner, 3)), Float64Array.from(draw(inner * columns, 4))];
    for (const [rowA, stepA, stepB, columnB] of [[inner, 1, columns, 1], [1, rows, 1, inner]]) {
      const C = new Float64Array(rows * columns).fill(1);
      addProduct(C, rows, columns, inner, A, rowA, stepA, B, stepB, columnB);
      C.forEach((value, i) => {
        const [r, c] = [Math.floor(i / columns), i % columns];
        let wanted = 1;
        for (let k = 0; k < inner; k++) wanted += A[r * rowA + k * stepA] * B[k * stepB + c * columnB];
        assert.ok(Math.abs(value - wanted) < 1e-13);
      });
    }
  }
});

test("gradient descent goes down the gradient", () => {
  const parameters = Float64Array.of(1, 2);
  OPTIMIZERS.sgd(2, 0.1)(parameters, Float64Array.of(10, -10));
  assert.deepEqual([...parameters], [0, 3]);
});

test("Adam, with averages that are written out", () => {
  const gradients = draw(20, 5);
  const parameters = Float64Array.of(0);
  const update = OPTIMIZERS.adam(1, 0.01);
  let wanted = 0;
  for (let t = 1; t <= gradients.length; t++) {
    update(parameters, Float64Array.of(gradients[t - 1]));
    const average = (decay, power) =>
      gradients.slice(0, t).reduce((sum, g, i) => sum + (1 - decay) * decay ** (t - 1 - i) * g ** power, 0) /
      (1 - decay ** t);
    wanted -= (0.01 * average(0.9, 1)) / (Math.sqrt(average(0.999, 2)) + 1e-8);
    assert.ok(Math.abs(parameters[0] - wanted) < 1e-12);
  }
});

test("an activation that is not known", () => {
  assert.throws(() => network([1, 1], "step"), /activation: step is not known/);
});
