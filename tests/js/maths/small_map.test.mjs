import assert from "node:assert/strict";
import test from "node:test";
import { nearest, placed } from "../../../embviz/ui/frontend/maths/small_map.js";

test("points fill the picture but for the margin, on one scale, with y upward", () => {
  const places = placed(new Float32Array([0, 0, 4, 0, 0, 2]), 100, 100, 10);
  assert.deepEqual([...places], [10, 70, 90, 70, 10, 30]);
});

test("points in one place are in the middle", () => {
  assert.deepEqual([...placed(new Float32Array([3, 3, 3, 3]), 60, 40, 5)], [30, 20, 30, 20]);
  assert.deepEqual([...placed(new Float32Array([1, 7, 3, 7]), 60, 40, 5)], [5, 20, 55, 20]);
});

test("the nearest point within reach is found, and none beyond", () => {
  const places = new Float32Array([10, 10, 20, 10, 30, 30]);
  assert.equal(nearest(places, 17, 10, 5), 1);
  assert.equal(nearest(places, 12, 10, 5), 0);
  assert.equal(nearest(places, 50, 50, 5), -1);
  assert.equal(nearest(new Float32Array(), 0, 0, 5), -1);
});
