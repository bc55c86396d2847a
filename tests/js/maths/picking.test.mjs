import assert from "node:assert/strict";
import { test } from "node:test";

import { pick, pickingGrid } from "../../../embviz/ui/frontend/maths/picking.js";
import { randomNumbers, randomScreen } from "../random.mjs";

const CANVAS = { width: 200, height: 120 };
const SLACK = 5;
const small = () => 4;
const never = () => false;

/**
 * The row that `pick` must find, by comparing every row with every other, without a grid.
 * @param {import("../../../embviz/ui/frontend/maths/screen.js").Screen} screen
 * @param {number[]} shownRows
 * @param {number} x
 * @param {number} y
 * @param {(row: number) => number} radiusOf
 * @param {(row: number) => boolean} inFront
 */
function naivePick(screen, shownRows, x, y, radiusOf, inFront) {
  const distanceOf = (/** @type {number} */ row) => Math.hypot(screen.x[row] - x, screen.y[row] - y);
  const isHit = (/** @type {number} */ row) => distanceOf(row) <= radiusOf(row);
  const candidates = shownRows.filter((row) => distanceOf(row) <= radiusOf(row) + SLACK);
  candidates.sort(
    (a, b) =>
      Number(isHit(b)) - Number(isHit(a)) ||
      Number(inFront(b)) - Number(inFront(a)) ||
      (isHit(a) && isHit(b) ? screen.depth[a] - screen.depth[b] : 0) ||
      distanceOf(a) - distanceOf(b) ||
      a - b,
  );
  return candidates[0] ?? -1;
}

for (const dims of [2, 3]) {
  test(`in ${dims}-D the row picked is the one that a comparison of all rows finds`, () => {
    const random = randomNumbers(dims);
    for (const n of [0, 1, 30, 400, 3000]) {
      const screen = randomScreen(random, n, CANVAS, () => (dims === 3 ? 1 + Math.floor(random() * 5) : 0));
      const radii = Array.from({ length: n }, () => 1 + random() * 7);
      const front = Array.from({ length: n }, () => random() < 0.3);
      const shownRows = Array.from({ length: n }, (_, row) => row).filter(() => random() < 0.8);
      const grid = pickingGrid(screen, shownRows, CANVAS);
      const [radiusOf, inFront] = [(/** @type {number} */ row) => radii[row], (/** @type {number} */ row) => front[row]];
      for (let round = 0; round < 100; round++) {
        const [x, y] = [random() * CANVAS.width, random() * CANVAS.height];
        const expected = naivePick(screen, shownRows, x, y, radiusOf, inFront);
        assert.equal(pick(grid, x, y, radiusOf, inFront, SLACK), expected, `${n} rows, pointer ${x}, ${y}`);
      }
    }
  });
}

/**
 * A picking grid of rows at these places.
 * @param {[number, number, number][]} places x, y and depth of each row
 * @param {number[]} [shownRows]
 */
function gridOf(places, shownRows = places.map((_, row) => row)) {
  const [x, y, depth] = [0, 1, 2].map((at) => Float32Array.from(places, (place) => place[at]));
  return pickingGrid({ x, y, depth }, shownRows, CANVAS);
}

test("a row that is not shown is never picked", () => {
  assert.equal(pick(gridOf([[50, 50, 0], [53, 50, 0]], [1]), 50, 50, small, never), 1);
  assert.equal(pick(gridOf([[50, 50, 0]], []), 50, 50, small, never), -1);
});

test("in 3-D the disc nearer to the eye wins even where another is nearer on the screen", () => {
  assert.equal(pick(gridOf([[50, 50, 9], [53, 50, 2]]), 50, 50, small, never), 1);
});

test("beside the discs depth makes no difference", () => {
  assert.equal(pick(gridOf([[50, 50, 9], [62, 50, 2]]), 55, 50, small, never), 0);
});

test("the front layer wins over the dimmed one, whatever the depth", () => {
  assert.equal(pick(gridOf([[50, 50, 1], [52, 50, 9]]), 50, 50, small, (row) => row === 1), 1);
});

test("a dimmed disc under the pointer wins over a front disc beside it", () => {
  assert.equal(pick(gridOf([[50, 50, 1], [57, 50, 1]]), 50, 50, small, (row) => row === 1), 0);
});

test("farther from a disc than the slack nothing is picked", () => {
  const grid = gridOf([[50, 50, 0]]);
  assert.equal(pick(grid, 59, 50, small, never, SLACK), 0);
  assert.equal(pick(grid, 59.1, 50, small, never, SLACK), -1);
});

test("the visible part of a disc is picked where its middle is beyond the edge", () => {
  const beyond = gridOf([[-2, 50, 0], [202, 50, 0], [50, -2, 0], [50, 122, 0]]);
  const edges = [[0, 50], [199, 50], [50, 0], [50, 119]];
  assert.deepEqual(edges.map(([x, y]) => pick(beyond, x, y, small, never)), [0, 1, 2, 3]);
});

test("a row without a place is never picked", () => {
  assert.equal(pick(gridOf([[NaN, NaN, 0]]), 0, 0, small, never), -1);
});

test("among 200,000 points the nearest is the one that a comparison of all finds", () => {
  const random = randomNumbers(7);
  const n = 200_000;
  const canvas = { width: 900, height: 600 };
  const screen = randomScreen(random, n, canvas);
  const all = Array.from({ length: n }, (_, row) => row);
  const grid = pickingGrid(screen, Uint32Array.from(all), canvas);
  for (let round = 0; round < 40; round++) {
    const [x, y] = [random() * canvas.width, random() * canvas.height];
    const nearest = all.reduce((best, row) => (Math.hypot(screen.x[row] - x, screen.y[row] - y) < Math.hypot(screen.x[best] - x, screen.y[best] - y) ? row : best));
    assert.equal(pick(grid, x, y, () => 1.5, never), nearest);
  }
});
