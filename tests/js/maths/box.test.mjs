import assert from "node:assert/strict";
import { test } from "node:test";

import { boxed, boxedIn, FollowingBox } from "../../../embviz/ui/frontend/maths/box.js";
import { extents } from "../../../embviz/ui/frontend/maths/screen.js";
import { randomNumbers } from "../random.mjs";

/**
 * Coordinates of n random points.
 * @param {() => number} random
 * @param {number} n
 * @param {number[]} widths of each axis
 */
const cloud = (random, n, widths) => Float32Array.from({ length: n * widths.length }, (_, at) => (random() - 0.3) * widths[at % widths.length]);

/**
 * The largest absolute coordinate.
 * @param {Float32Array} coords
 * @param {number} dims
 */
const reach = (coords, dims) => Math.max(...extents(coords, dims).flat().map(Math.abs));

test("a layout just fits the box, and its shape stays", () => {
  for (const dims of [2, 3]) {
    const coords = cloud(randomNumbers(dims), 200, [10, 4, 7].slice(0, dims));
    const fitted = boxed(coords, dims);
    assert.ok(Math.abs(reach(fitted, dims) - 1) < 1e-6);
    const [before, after] = [coords, fitted].map((each) => extents(each, dims).map(([low, high]) => high - low));
    after.forEach((width, axis) => assert.ok(Math.abs(width / before[axis] - after[0] / before[0]) < 1e-6));
    extents(fitted, dims).forEach(([low, high]) => assert.ok(Math.abs(low + high) < 1e-6, "centered"));
  }
});

test("the coordinates given are not changed", () => {
  const coords = Float32Array.of(1, 2, 3, 4);
  boxed(coords, 2);
  assert.deepEqual([...coords], [1, 2, 3, 4]);
});

test("items that are all at one place are in the middle", () => {
  assert.deepEqual([...boxed(Float32Array.of(5, 7, 5, 7), 2)], [0, 0, 0, 0]);
});

test("no frame of a layout that forms leaves the box, however it grows, shrinks or wanders", () => {
  const random = randomNumbers(3);
  const box = new FollowingBox();
  for (let frame = 0; frame < 300; frame++) {
    const size = 10 ** (4 * random() - 2);
    const coords = cloud(random, 50, [size, size]).map((value) => value + 3 * Math.sin(frame / 20));
    assert.ok(reach(box.fit(coords, 2), 2) <= 1 + 1e-5);
  }
});

test("a layout that shrinks is drawn smaller at first and fills the box again in a while", () => {
  const box = new FollowingBox();
  const coords = cloud(randomNumbers(4), 100, [1, 1]).map((value) => value - 0.2);
  box.fit(coords, 2);
  const small = coords.map((value) => value / 10);
  const reaches = Array.from({ length: 200 }, () => reach(box.fit(small, 2), 2));
  assert.ok(reaches[0] < 0.3);
  reaches.forEach((value, frame) => assert.ok(frame < 20 || value >= reaches[frame - 1] - 1e-6, `frame ${frame}`));
  assert.ok(reaches[199] > 0.99);
});

test("in a given box coordinates keep their place, also outside of it", () => {
  assert.deepEqual([...boxedIn(new Float32Array([10, 20, 14, 18, 20, 20]), 2, [10, 20, 4])], [0, 0, 1, -0.5, 2.5, 0]);
});
