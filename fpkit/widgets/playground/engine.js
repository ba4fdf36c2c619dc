/**
 * A fully connected network, its gradient and its optimisers, on typed arrays.
 *
 * Layer l maps h to σ(h·Wₗ + bₗ), the last one has no σ, and the loss is
 * (1/N) Σ (T - f)², as in `fpkit.networks.MLP` and `fpkit.losses.mse`.
 * All parameters lie in one array, layer by layer, weights before biases; a
 * matrix of shape (rows, columns) lies row by row.  So an optimiser is one loop,
 * and gradients are laid out like the parameters.
 *
 * What takes time is done by an *arithmetic*.  `PLAIN` has 64-bit numbers, as JavaScript
 * computes in no other; `arithmetic.js` makes a faster one, which is compared with it.
 *
 * @typedef {Float64Array | Float32Array} Numbers
 * @typedef {(values: Numbers, slopes: Numbers) => void} Activation  σ in place, and σ' into `slopes`
 * @typedef {{array: (count: number) => Numbers, addProduct: typeof addProduct,
 *   activations: Record<string, Activation>, multiply: (a: Numbers, b: Numbers) => void,
 *   adam: (parameters: Numbers, gradient: Numbers, mean: Numbers, square: Numbers, step: number,
 *   root: number) => void}} Arithmetic
 * @typedef {{rows: number, columns: number, weights: Numbers,
 *   biases: Numbers, weightGradient: Numbers, biasGradient: Numbers}} Layer
 * @typedef {{widths: number[], activation: string, arithmetic: Arithmetic, parameters: Numbers,
 *   gradient: Numbers, layers: Layer[]}} Network
 * @typedef {{points: number, inputs: Numbers[], slopes: Numbers[],
 *   deltas: Numbers[], outputs: Numbers}} Pass
 *   Room for one pass over so many points: what enters each layer, σ' there, and
 *   the loss's derivative by what leaves it before σ.
 * @typedef {(parameters: Numbers, gradient: Numbers) => void} Optimizer
 */

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  tanh(values, slopes) {
    for (let i = 0; i < values.length; i++) {
      const h = Math.tanh(values[i]);
      values[i] = h;
      slopes[i] = 1 - h * h;
    }
  },
  relu(values, slopes) {
    for (let i = 0; i < values.length; i++) {
      const on = values[i] > 0;
      slopes[i] = on ? 1 : 0;
      if (!on) values[i] = 0;
    }
  },
  sin(values, slopes) {
    for (let i = 0; i < values.length; i++) {
      slopes[i] = Math.cos(values[i]);
      values[i] = Math.sin(values[i]);
    }
  },
  /** (1 - z²) exp(-z²/2), whose spectrum peaks away from zero. */
  ricker(values, slopes) {
    for (let i = 0; i < values.length; i++) {
      const z = values[i];
      const bell = Math.exp((-z * z) / 2);
      values[i] = (1 - z * z) * bell;
      slopes[i] = z * (z * z - 3) * bell;
    }
  },
};

/** @type {Arithmetic} */
export const PLAIN = {
  array: (count) => new Float64Array(count),
  addProduct,
  activations: ACTIVATIONS,
  multiply(a, b) {
    for (let i = 0; i < a.length; i++) a[i] *= b[i];
  },
  adam(parameters, gradient, mean, square, step, root) {
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      mean[i] += 0.1 * (g - mean[i]);
      square[i] += 0.001 * (g * g - square[i]);
      parameters[i] -= (step * mean[i]) / (Math.sqrt(square[i]) * root + 1e-8);
    }
  },
};

/** A network with all parameters zero.
 * @param {number[]} widths  from input to output, such as [1, 32, 32, 1]
 * @param {string} activation @param {Arithmetic} arithmetic @returns {Network} */
export function network(widths, activation, arithmetic = PLAIN) {
  if (!ACTIVATIONS[activation]) throw new RangeError(`activation: ${activation} is not known`);
  const count = widths.slice(1).reduce((sum, columns, l) => sum + (widths[l] + 1) * columns, 0);
  const [parameters, gradient] = [arithmetic.array(count), arithmetic.array(count)];
  let from = 0;
  const layers = widths.slice(1).map((columns, l) => {
    const rows = widths[l];
    const between = from + rows * columns;
    const to = between + columns;
    const layer = {
      rows,
      columns,
      weights: parameters.subarray(from, between),
      biases: parameters.subarray(between, to),
      weightGradient: gradient.subarray(from, between),
      biasGradient: gradient.subarray(between, to),
    };
    from = to;
    return layer;
  });
  return { widths, activation, arithmetic, parameters, gradient, layers };
}

/** Draw weights from N(0, weightStd²) and biases from N(0, biasStd²).
 * @param {Network} net @param {() => number} normal
 * @param {number} weightStd @param {number} biasStd */
export function initialize(net, normal, weightStd, biasStd) {
  for (const { weights, biases } of net.layers) {
    for (let i = 0; i < weights.length; i++) weights[i] = weightStd * normal();
    for (let i = 0; i < biases.length; i++) biases[i] = biasStd * normal();
  }
}

/** Room for a pass of the network over some inputs, point by point.
 * @param {Network} net @param {ArrayLike<number>} x @returns {Pass} */
export function pass({ widths, arithmetic }, x) {
  const points = x.length / widths[0];
  const room = widths.map((width) => arithmetic.array(points * width));
  room[0].set(x);
  return {
    points,
    inputs: room.slice(0, -1),
    slopes: room.map((values) => arithmetic.array(values.length)),
    deltas: room.slice(1).map((values) => arithmetic.array(values.length)),
    outputs: room[room.length - 1],
  };
}

/** The network's outputs for the pass's inputs, kept in `pass.outputs`.
 * @param {Network} net @param {Pass} pass @returns {Numbers} */
export function forward({ layers, activation, arithmetic }, { points, inputs, slopes, outputs }) {
  const activate = arithmetic.activations[activation];
  layers.forEach(({ rows, columns, weights, biases }, l) => {
    const last = l === layers.length - 1;
    const values = last ? outputs : inputs[l + 1];
    for (let n = 0, i = 0; n < points; n++) for (let c = 0; c < columns; c++, i++) values[i] = biases[c];
    arithmetic.addProduct(values, points, columns, rows, inputs[l], rows, 1, weights, columns, 1);
    if (!last) activate(values, slopes[l + 1]);
  });
  return outputs;
}

/** The loss of the pass just made, and its gradient into `net.gradient`.
 * @param {Network} net @param {Pass} pass @param {ArrayLike<number>} targets @returns {number} */
export function backward({ layers, gradient, arithmetic }, { points, inputs, slopes, deltas, outputs }, targets) {
  let loss = 0;
  const last = layers.length - 1;
  for (let i = 0; i < outputs.length; i++) {
    const difference = outputs[i] - targets[i];
    loss += difference * difference;
    deltas[last][i] = (2 * difference) / outputs.length;
  }
  gradient.fill(0);
  for (let l = last; l >= 0; l--) {
    const { rows, columns, weights, weightGradient, biasGradient } = layers[l];
    const delta = deltas[l];
    arithmetic.addProduct(weightGradient, rows, columns, points, inputs[l], 1, rows, delta, columns, 1);
    for (let n = 0, i = 0; n < points; n++) for (let c = 0; c < columns; c++, i++) biasGradient[c] += delta[i];
    if (!l) break;
    const before = deltas[l - 1];
    before.fill(0);
    arithmetic.addProduct(before, points, rows, columns, delta, columns, 1, weights, 1, columns);
    arithmetic.multiply(before, slopes[l]);
  }
  return loss / outputs.length;
}

/**
 * C[r, c] += Σₖ A[r, k] B[k, c], for k < inner, with A[r, k] at r·rowA + k·stepA
 * and B[k, c] at k·stepB + c·columnB: any of the two may be a transpose.
 *
 * Blocks of 4 × 2 sums stay in registers, so that 6 loads serve 8 products.
 * @param {Numbers} C @param {number} rows @param {number} columns @param {number} inner
 * @param {Numbers} A @param {number} rowA @param {number} stepA
 * @param {Numbers} B @param {number} stepB @param {number} columnB
 */
export function addProduct(C, rows, columns, inner, A, rowA, stepA, B, stepB, columnB) {
  const wholeRows = rows - (rows % 4);
  const wholeColumns = columns - (columns % 2);
  for (let r = 0; r < wholeRows; r += 4) {
    for (let c = 0; c < wholeColumns; c += 2) {
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0;
      let a = r * rowA;
      let b = c * columnB;
      for (let k = 0; k < inner; k++, a += stepA, b += stepB) {
        const b0 = B[b], b1 = B[b + columnB];
        const a0 = A[a], a1 = A[a + rowA], a2 = A[a + 2 * rowA], a3 = A[a + 3 * rowA];
        s00 += a0 * b0; s01 += a0 * b1;
        s10 += a1 * b0; s11 += a1 * b1;
        s20 += a2 * b0; s21 += a2 * b1;
        s30 += a3 * b0; s31 += a3 * b1;
      }
      const at = r * columns + c;
      C[at] += s00; C[at + 1] += s01;
      C[at + columns] += s10; C[at + columns + 1] += s11;
      C[at + 2 * columns] += s20; C[at + 2 * columns + 1] += s21;
      C[at + 3 * columns] += s30; C[at + 3 * columns + 1] += s31;
    }
  }
  // What the blocks leave: the last column or rows.
  for (let r = 0; r < rows; r++) {
    for (let c = r < wholeRows ? wholeColumns : 0; c < columns; c++) {
      let sum = 0;
      let a = r * rowA;
      let b = c * columnB;
      for (let k = 0; k < inner; k++, a += stepA, b += stepB) sum += A[a] * B[b];
      C[r * columns + c] += sum;
    }
  }
}

/** Adam with torch's defaults (Kingma and Ba 2015): β = 0.9 and 0.999, ε = 10⁻⁸.
 * @param {number} count  of parameters @param {number} rate
 * @param {Arithmetic} arithmetic  the network's @returns {Optimizer} */
export function adam(count, rate, arithmetic = PLAIN) {
  const [mean, square] = [arithmetic.array(count), arithmetic.array(count)];
  let [decay1, decay2] = [1, 1];
  return (parameters, gradient) => {
    decay1 *= 0.9;
    decay2 *= 0.999;
    arithmetic.adam(parameters, gradient, mean, square, rate / (1 - decay1), 1 / Math.sqrt(1 - decay2));
  };
}

/** Plain gradient descent.
 * @param {number} count @param {number} rate @returns {Optimizer} */
export function sgd(count, rate) {
  return (parameters, gradient) => {
    for (let i = 0; i < count; i++) parameters[i] -= rate * gradient[i];
  };
}

/** @type {Record<string, (count: number, rate: number, arithmetic?: Arithmetic) => Optimizer>} */
export const OPTIMIZERS = { adam, sgd };
