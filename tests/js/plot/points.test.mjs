import assert from "node:assert/strict";
import { test } from "node:test";

import { diameterFor, nearness } from "../../../embviz/ui/frontend/plot/points.js";

/**
 * @param {number[]} values
 */
const isFalling = (values) => values.every((value, at) => at === 0 || value <= values[at - 1]);

test("more points are drawn smaller, from 9 pixels down to 3", () => {
  const diameters = [1, 10, 100, 1000, 1797, 10_000, 70_000, 1_000_000].map(diameterFor);
  assert.ok(isFalling(diameters), String(diameters));
  assert.deepEqual([diameters[0], diameters.at(-1)], [9, 3]);
  assert.equal(diameterFor(10_000), 5);
});

test("what is farther from the eye is drawn smaller, from 1.8 times down to 0.6", () => {
  const factors = [0.01, 0.5, 0.8, 1, 1.3, 1.6, 5, 100].map((depth) => nearness(1, depth));
  assert.ok(isFalling(factors), String(factors));
  assert.deepEqual([factors[0], factors.at(-1)], [1.8, 0.6]);
});

test("the middle of the data is drawn in its usual size", () => {
  assert.equal(nearness(2.5, 2.5), 1);
});

test("in 2-D nothing is nearer than anything else", () => {
  assert.deepEqual([nearness(0, 0), nearness(0, 5)], [1, 1]);
});
