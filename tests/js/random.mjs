/** Random numbers for tests, the same on every machine and in every run. */

/**
 * A generator of random numbers.
 * @param {number} seed
 * @returns {() => number} uniform in 0..1 without 1: mulberry32 (Ettinger, 2017)
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A screen with points anywhere on the canvas and a little beyond it.
 * @param {() => number} random
 * @param {number} n
 * @param {{width: number, height: number}} canvas
 * @param {(row: number) => number} [depthOf]
 * @returns {import("../../embviz/ui/frontend/maths/screen.js").Screen}
 */
export function randomScreen(random, n, canvas, depthOf = () => 0) {
  const anywhere = (/** @type {number} */ side) => Float32Array.from({ length: n }, () => (random() * 1.2 - 0.1) * side);
  return { x: anywhere(canvas.width), y: anywhere(canvas.height), depth: Float32Array.from({ length: n }, (_, row) => depthOf(row)) };
}
