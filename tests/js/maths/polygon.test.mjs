import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOutline, rowsInside } from "../../../embviz/ui/frontend/maths/polygon.js";
import { randomNumbers, randomScreen } from "../random.mjs";

const CANVAS = { width: 300, height: 200 };

/** @param {[number, number][]} places */
function screenAt(places) {
  const [x, y] = [0, 1].map((at) => Float32Array.from(places, (place) => place[at]));
  return { x, y, depth: new Float32Array(places.length) };
}

/** @param {[number, number][]} corners */
const outlineOf = (corners) => corners.map(([x, y]) => ({ x, y }));

test("inside a convex outline is what lies on the same side of all its edges", () => {
  const random = randomNumbers(4);
  const n = 500;
  for (let round = 0; round < 20; round++) {
    const angles = Array.from({ length: 3 + round }, () => random() * 2 * Math.PI).sort((a, b) => a - b);
    const outline = angles.map((angle) => ({ x: 150 + 140 * Math.cos(angle), y: 100 + 90 * Math.sin(angle) }));
    const screen = randomScreen(random, n, CANVAS);
    const expected = Array.from({ length: n }, (_, row) => row).filter((row) =>
      outline.every((from, at) => {
        const to = outline[(at + 1) % outline.length];
        return (to.x - from.x) * (screen.y[row] - from.y) - (to.y - from.y) * (screen.x[row] - from.x) > 0;
      }),
    );
    assert.deepEqual(rowsInside(screen, Array.from({ length: n }, (_, row) => row), outline), expected);
  }
});

test("a figure eight holds both its parts and nothing beside its waist", () => {
  const eight = outlineOf([[0, 0], [100, 100], [100, 0], [0, 100]]);
  assert.deepEqual(rowsInside(screenAt([[10, 50], [90, 50], [50, 10], [50, 90]]), [0, 1, 2, 3], eight), [0, 1]);
});

test("what an outline goes around twice is outside, as it is painted", () => {
  const square = outlineOf([[0, 0], [100, 0], [100, 100], [0, 100]]);
  const around = [...square, ...outlineOf([[0, 0], [50, 0], [50, 50], [0, 50]])];
  assert.deepEqual(rowsInside(screenAt([[25, 25], [75, 75]]), [0, 1], around), [1]);
});

test("a corner at the same height makes no difference", () => {
  const diamond = outlineOf([[0, 50], [50, 0], [100, 50], [50, 100]]);
  const valley = outlineOf([[0, 0], [50, 50], [100, 0], [100, 100], [0, 100]]);
  assert.deepEqual(rowsInside(screenAt([[50, 50], [20, 50]]), [0, 1], diamond), [0, 1]);
  assert.deepEqual(rowsInside(screenAt([[20, 50], [80, 50], [50, 49]]), [0, 1, 2], valley), [0, 1]);
});

test("a box holds what lies between its corners, whichever way it was drawn", () => {
  const random = randomNumbers(5);
  const screen = randomScreen(random, 300, CANVAS);
  const rows = Array.from({ length: 300 }, (_, row) => row);
  const expected = rows.filter((row) => screen.x[row] > 40 && screen.x[row] < 200 && screen.y[row] > 30 && screen.y[row] < 90);
  for (const [a, b] of [[[40, 30], [200, 90]], [[200, 30], [40, 90]], [[200, 90], [40, 30]], [[40, 90], [200, 30]]]) {
    assert.deepEqual(rowsInside(screen, rows, boxOutline({ x: a[0], y: a[1] }, { x: b[0], y: b[1] })), expected);
  }
});

test("fewer than three corners hold nothing", () => {
  const screen = screenAt([[50, 50]]);
  for (const corners of [[], [[50, 50]], [[0, 0], [100, 100]]]) {
    assert.deepEqual(rowsInside(screen, [0], outlineOf(/** @type {[number, number][]} */ (corners))), []);
  }
});

test("rows that are not shown, or have no place, are not inside", () => {
  const square = outlineOf([[0, 0], [100, 0], [100, 100], [0, 100]]);
  assert.deepEqual(rowsInside(screenAt([[50, 50], [51, 50], [NaN, NaN]]), [1, 2], square), [1]);
});

test("inside the many edges of a hand is what crosses the outline an odd number of times on its way out", () => {
  const random = randomNumbers(9);
  const outline = Array.from({ length: 400 }, (_, at) => {
    const [angle, far] = [(at / 400) * 6 * Math.PI, 30 + 60 * random()];
    return { x: 150 + far * Math.cos(angle), y: 100 + far * Math.sin(angle) };
  });
  const screen = randomScreen(random, 5000, CANVAS);
  const all = Array.from({ length: 5000 }, (_, row) => row);
  const expected = all.filter((row) => {
    const crossed = outline.filter((to, at) => {
      const from = outline.at(at - 1) ?? to;
      if (from.y > screen.y[row] === to.y > screen.y[row]) return false;
      return screen.x[row] < ((from.x - to.x) * (screen.y[row] - to.y)) / (from.y - to.y) + to.x;
    });
    return crossed.length % 2 === 1;
  });
  assert.ok(expected.length > 100);
  assert.deepEqual(rowsInside(screen, all, outline), expected);
});
