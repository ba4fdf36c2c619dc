/**
 * The loops of a training step in 32-bit numbers, four at a time: AssemblyScript, from which
 * `make kernel` makes `kernel.js`.  Counts are of numbers; those of whole arrays are rounded up to
 * four, for which every array has room.
 */

/** C[r, c] += Σₖ A[r, k] B[k, c], with A[r, k] at r·rowA + k·stepA; rows of B and C have no gaps.
 * Blocks of 4 × 8 sums stay in registers. */
export function addProduct(
  C: usize, rows: i32, columns: i32, inner: i32, A: usize, rowA: usize, stepA: usize, B: usize,
): void {
  const row = <usize>columns << 2;
  rowA <<= 2;
  stepA <<= 2;
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~7;
  for (let r = 0; r < wholeRows; r += 4) {
    for (let c = 0; c < wholeColumns; c += 8) {
      const at = C + <usize>r * row + (<usize>c << 2);
      let s00 = v128.load(at), s01 = v128.load(at, 16);
      let s10 = v128.load(at + row), s11 = v128.load(at + row, 16);
      let s20 = v128.load(at + 2 * row), s21 = v128.load(at + 2 * row, 16);
      let s30 = v128.load(at + 3 * row), s31 = v128.load(at + 3 * row, 16);
      let a = A + <usize>r * rowA;
      let b = B + (<usize>c << 2);
      for (let k = 0; k < inner; k++) {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        let x = v128.load32_splat(a);
        s00 = f32x4.add(s00, f32x4.mul(x, b0));
        s01 = f32x4.add(s01, f32x4.mul(x, b1));
        x = v128.load32_splat(a + rowA);
        s10 = f32x4.add(s10, f32x4.mul(x, b0));
        s11 = f32x4.add(s11, f32x4.mul(x, b1));
        x = v128.load32_splat(a + 2 * rowA);
        s20 = f32x4.add(s20, f32x4.mul(x, b0));
        s21 = f32x4.add(s21, f32x4.mul(x, b1));
        x = v128.load32_splat(a + 3 * rowA);
        s30 = f32x4.add(s30, f32x4.mul(x, b0));
        s31 = f32x4.add(s31, f32x4.mul(x, b1));
        a += stepA;
        b += row;
      }
      v128.store(at, s00);
      v128.store(at, s01, 16);
      v128.store(at + row, s10);
      v128.store(at + row, s11, 16);
      v128.store(at + 2 * row, s20);
      v128.store(at + 2 * row, s21, 16);
      v128.store(at + 3 * row, s30);
      v128.store(at + 3 * row, s31, 16);
    }
  }
  // What the blocks leave: the last columns or rows.
  for (let r = 0; r < rows; r++) {
    for (let c = r < wholeRows ? wholeColumns : 0; c < columns; c++) {
      let a = A + <usize>r * rowA;
      let b = B + (<usize>c << 2);
      let sum: f32 = 0;
      for (let k = 0; k < inner; k++) {
        sum += load<f32>(a) * load<f32>(b);
        a += stepA;
        b += row;
      }
      const at = C + <usize>r * row + (<usize>c << 2);
      store<f32>(at, load<f32>(at) + sum);
    }
  }
}

/** Write the transpose of a matrix. */
export function transpose(from: usize, rows: i32, columns: i32, to: usize): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      store<f32>(to + (<usize>(c * rows + r) << 2), load<f32>(from + (<usize>(r * columns + c) << 2)));
    }
  }
}

/** exp(y) - 1, to the last digit but one also near 0: y = k ln 2 + r, and the Taylor series of r. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function expm1(y: v128): v128 {
  const k = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.44269504)));
  // ln 2 in two parts, the first of which is exact times k.
  let r = f32x4.sub(y, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(k, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.mul(f32x4.add(f32x4.mul(p, r), f32x4.splat(1)), r);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23); // 2ᵏ
  return f32x4.add(f32x4.mul(power, p), f32x4.sub(power, f32x4.splat(1)));
}

/** tanh z = (e²ᶻ - 1)/(e²ᶻ + 1) in place, and 1 - tanh² into `slopes`. */
export function tanh(values: usize, slopes: usize, count: usize): void {
  const one = f32x4.splat(1), two = f32x4.splat(2), far = f32x4.splat(20); // beyond, it is 1
  for (let i: usize = 0; i < count << 2; i += 16) {
    const z = f32x4.mul(two, v128.load(values + i));
    const e = expm1(f32x4.max(f32x4.min(z, far), f32x4.neg(far)));
    const h = f32x4.div(e, f32x4.add(e, two));
    v128.store(values + i, h);
    v128.store(slopes + i, f32x4.sub(one, f32x4.mul(h, h)));
  }
}

/** a[i] *= b[i]. */
export function multiply(a: usize, b: usize, count: usize): void {
  for (let i: usize = 0; i < count << 2; i += 16) {
    v128.store(a + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
}

/** A step of Adam, as in engine.js. */
export function adam(
  parameters: usize, gradient: usize, mean: usize, square: usize, count: usize, step: f32, root: f32,
): void {
  for (let i: usize = 0; i < count << 2; i += 16) {
    const g = v128.load(gradient + i);
    let m = v128.load(mean + i);
    m = f32x4.add(m, f32x4.mul(f32x4.splat(0.1), f32x4.sub(g, m)));
    v128.store(mean + i, m);
    let v = v128.load(square + i);
    v = f32x4.add(v, f32x4.mul(f32x4.splat(0.001), f32x4.sub(f32x4.mul(g, g), v)));
    v128.store(square + i, v);
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(root)), f32x4.splat(1e-8));
    const change = f32x4.div(f32x4.mul(f32x4.splat(step), m), scale);
    v128.store(parameters + i, f32x4.sub(v128.load(parameters + i), change));
  }
}
