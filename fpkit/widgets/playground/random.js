/**
 * Random numbers with a seed, for the page.  They are not torch's: the same
 * seed gives other weights here than in `fpkit`.
 *
 * Mulberry32 (Tommy Ettinger, public domain): a counter that moves by an odd
 * constant, and three rounds of multiply-and-shift.  Its period is 2³².
 */

/** Uniform numbers in [0, 1), in steps of 2⁻³².
 * @param {number} seed @returns {() => number} */
export function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers by Box and Muller: √(-2 ln(1 - u)) cos 2πv.
 * @param {number} seed @returns {() => number} */
export function normal(seed) {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
