import assert from "node:assert/strict";
import { test } from "node:test";

import { extents, middleOf, multiply, placing, planarMatrix, rangesAround, resizedRanges, screenOf, withAir, zoomOf } from "../../../embviz/ui/frontend/maths/screen.js";
import { randomNumbers } from "../random.mjs";

const CANVAS = { width: 800, height: 500 };

/** @param {() => number} random */
const randomMatrix = (random) => Float32Array.from({ length: 16 }, () => random() * 2 - 1);

/**
 * The product of a matrix and a vector, by definition.
 * @param {ArrayLike<number>} matrix column-major
 * @param {number[]} vector
 */
const applied = (matrix, vector) =>
  [0, 1, 2, 3].map((row) => vector.reduce((sum, value, column) => sum + matrix[column * 4 + row] * value, 0));

/**
 * @param {number} actual
 * @param {number} expected
 * @param {number} tolerance
 */
function assertClose(actual, expected, tolerance) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

test("the corners of the ranges land on the corners of the frame", () => {
  const frame = { left: 52, top: 8, width: 700, height: 440 };
  const ranges = { x: /** @type {[number, number]} */ ([-3, 7]), y: /** @type {[number, number]} */ ([100, 101]) };
  const corners = Float32Array.of(-3, 100, 7, 100, -3, 101, 7, 101, 2, 100.5);
  const { x, y, depth } = screenOf(corners, 2, planarMatrix(ranges, frame, CANVAS), CANVAS);
  [[52, 448], [752, 448], [52, 8], [752, 8], [402, 228]].forEach(([left, top], row) => {
    assertClose(x[row], left, 0.01);
    assertClose(y[row], top, 0.01);
  });
  assert.deepEqual([...depth], [0, 0, 0, 0, 0]);
});

test("a product of matrices does what one after the other does", () => {
  const random = randomNumbers(2);
  const [a, b] = [randomMatrix(random), randomMatrix(random)];
  const vector = [0.3, -0.8, 0.5, 1];
  const expected = applied(a, applied(b, vector));
  applied(multiply(a, b), vector).forEach((value, at) => assertClose(value, expected[at], 1e-6));
});

test("placing multiplies each axis by its own factor and then moves it", () => {
  assert.deepEqual(applied(placing({ scale: [2, 3, 4], shift: [10, 20, 30] }), [1, 1, 1, 1]), [12, 23, 34, 1]);
});

test("places on the screen agree with matrix times vector, divided by w", () => {
  const random = randomNumbers(3);
  for (let round = 0; round < 50; round++) {
    const matrix = randomMatrix(random);
    const coords = Float32Array.from({ length: 3 * 20 }, () => random() * 2 - 1);
    const screen = screenOf(coords, 3, matrix, CANVAS);
    for (let row = 0; row < 20; row++) {
      const [x, y, , w] = applied(matrix, [...coords.subarray(row * 3, row * 3 + 3), 1]);
      if (w <= 0) {
        assert.deepEqual([screen.x[row], screen.y[row]], [NaN, NaN]);
        continue;
      }
      const [left, top] = [(x / w / 2 + 0.5) * CANVAS.width, (0.5 - y / w / 2) * CANVAS.height];
      assertClose(screen.x[row], left, 1e-6 * Math.abs(left) + 1e-4);
      assertClose(screen.y[row], top, 1e-6 * Math.abs(top) + 1e-4);
      assertClose(screen.depth[row], w, 1e-6);
    }
  }
});

test("what lies behind the eye has no place", () => {
  const looking = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0); // a camera at the origin that looks along -z, so that w = -z
  const { x, y } = screenOf(Float32Array.of(0, 0, -2, 0, 0, 0, 0, 0, 2), 3, looking, CANVAS);
  assert.deepEqual([...x], [400, NaN, NaN]);
  assert.deepEqual([...y], [250, NaN, NaN]);
});

test("extents are the smallest and largest value of each coordinate", () => {
  assert.deepEqual(extents(Float32Array.of(1, 10, -2, 30, 0, 20), 2), [[-2, 1], [10, 30]]);
});

test("air is added on both sides in proportion to the width", () => {
  assert.deepEqual(withAir([0, 10], 0.1), [-1, 11]);
});

test("a range without width gets one around its only value", () => {
  for (const value of [0, 5, -5, 1e6]) {
    const [low, high] = withAir([value, value]);
    assert.ok(low < value && value < high, `${low}..${high} around ${value}`);
  }
});

test("new ranges have the place in the middle, and the same shape", () => {
  const { x, y } = rangesAround([5, -2], { x: [0, 8], y: [0, 4] }, 4);
  assert.deepEqual([x, y], [[4, 6], [-2.5, -1.5]]);
});

test("a resized frame keeps the middle and the units per pixel", () => {
  const ranges = { x: /** @type {[number, number]} */ ([0, 8]), y: /** @type {[number, number]} */ ([-1, 3]) };
  const resized = resizedRanges(ranges, { width: 80, height: 40 }, { width: 40, height: 80 });
  assert.deepEqual(resized, { x: [2, 6], y: [-3, 5] });
  assert.deepEqual(middleOf(resized), middleOf(ranges));
  assert.ok(Math.abs(zoomOf(ranges, rangesAround([4, 1], ranges, 3)) - 3) < 1e-9);
});
