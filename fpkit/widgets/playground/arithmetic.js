/**
 * What the engine computes with: 32-bit numbers, four at a time, in WebAssembly, where a browser
 * has that, else as `engine.js` does it.
 *
 * @typedef {import("./engine.js").Arithmetic} Arithmetic
 * @typedef {import("./engine.js").Numbers} Numbers
 */
import { PLAIN } from "./engine.js";
import { KERNEL } from "./kernel.js";

const PAGES = 512; // of 64 kB, which a browser provides only as they are used

/** The fastest arithmetic that there is here, with memory for one network. @returns {Arithmetic} */
export function arithmetic() {
  try {
    return vectors();
  } catch {
    return PLAIN; // no WebAssembly, or none with vectors, or a page that forbids it
  }
}

/** @returns {Arithmetic} */
function vectors() {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const bytes = Uint8Array.from(atob(KERNEL), (c) => c.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const kernel = /** @type {Record<string, (...numbers: number[]) => void>} */ (instance.exports);
  let free = 16; // bytes; from here on memory is free

  /** @param {number} count */
  const array = (count) => {
    const made = new Float32Array(memory.buffer, free, count);
    free += 16 * Math.ceil(count / 4);
    return made;
  };
  let turned = array(0); // room for a transpose
  return {
    array,
    addProduct(C, rows, columns, inner, A, rowA, stepA, B, stepB, columnB) {
      let b = B.byteOffset;
      if (columnB !== 1) {
        if (turned.length < inner * columns) turned = array(inner * columns);
        kernel.transpose(b, columns, inner, turned.byteOffset);
        b = turned.byteOffset;
      }
      kernel.addProduct(C.byteOffset, rows, columns, inner, A.byteOffset, rowA, stepA, b);
    },
    activations: {
      ...PLAIN.activations,
      tanh: (values, slopes) => kernel.tanh(values.byteOffset, slopes.byteOffset, values.length),
    },
    multiply: (a, b) => kernel.multiply(a.byteOffset, b.byteOffset, a.length),
    adam(parameters, gradient, mean, square, step, root) {
      const at = [parameters, gradient, mean, square].map((values) => values.byteOffset);
      kernel.adam(at[0], at[1], at[2], at[3], parameters.length, step, root);
    },
  };
}
