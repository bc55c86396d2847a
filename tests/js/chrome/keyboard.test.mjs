import assert from "node:assert/strict";
import { test } from "node:test";

import { rowInOrder, rowNearest, rowTowards } from "../../../embviz/ui/frontend/chrome/keyboard.js";
import { plotLabel } from "../../../embviz/ui/frontend/plot_keys.js";
import { randomNumbers } from "../random.mjs";

/** @param {number[][]} places */
const screenOf = (places) => ({
  x: Float32Array.from(places, ([x]) => x),
  y: Float32Array.from(places, ([, y]) => y),
  depth: new Float32Array(places.length),
});
const OPPOSITE = /** @type {const} */ ({ ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft", ArrowUp: "ArrowDown", ArrowDown: "ArrowUp" });
const ARROWS = /** @type {(keyof typeof OPPOSITE)[]} */ (Object.keys(OPPOSITE));

test("an arrow leads to the nearest point on its side, rather ahead than aside", () => {
  const screen = screenOf([[0, 0], [10, 0], [6, 6], [-3, 0], [0, -4], [1, 50]]);
  const rows = [0, 1, 2, 3, 4, 5];
  assert.deepEqual(ARROWS.map((arrow) => rowTowards(screen, rows, { x: 0, y: 0 }, arrow)), [3, 1, 4, 2]);
});

test("points that are hidden, in the same place or behind the eye are not gone to", () => {
  const screen = screenOf([[0, 0], [1, 0], [2, 0], [0, 0], [NaN, NaN]]);
  assert.equal(rowTowards(screen, [0, 2, 3, 4], { x: 0, y: 0 }, "ArrowRight"), 2);
  assert.equal(rowTowards(screen, [0, 3, 4], { x: 0, y: 0 }, "ArrowRight"), -1);
  assert.equal(rowNearest(screen, [], { x: 0, y: 0 }), -1);
});

test("every step leads in the direction of its arrow, and from any point somewhere else can be reached", () => {
  const random = randomNumbers(3);
  const places = Array.from({ length: 200 }, () => [random() * 800, random() * 600]);
  const screen = screenOf(places);
  const rows = places.map((_, row) => row);
  for (const row of rows) {
    const from = { x: screen.x[row], y: screen.y[row] };
    const reached = ARROWS.map((arrow) => rowTowards(screen, rows, from, arrow));
    assert.ok(reached.some((found) => found >= 0 && found !== row));
    const [left, right, up, down] = reached;
    if (left >= 0) assert.ok(screen.x[left] < from.x);
    if (right >= 0) assert.ok(screen.x[right] > from.x);
    if (up >= 0) assert.ok(screen.y[up] < from.y);
    if (down >= 0) assert.ok(screen.y[down] > from.y);
  }
});

test("the first step is to the point nearest the middle", () => {
  assert.equal(rowNearest(screenOf([[0, 0], [40, 30], [100, 100]]), [0, 1, 2], { x: 50, y: 50 }), 1);
});

test("the plot is called by what it shows", () => {
  const request = (/** @type {number} */ count, /** @type {{name: string} | null} */ coloring) => /** @type {any} */ ({ items: { count }, coloring });
  assert.equal(plotLabel(request(10000, { name: "class" }), 2), "Plot of 10,000 items in 2 dimensions, colored by class");
  assert.equal(plotLabel(request(1, null), 2), "Plot of 1 item in 2 dimensions");
});

test("next and previous go through the items shown in the order of the data, and from one end to the other", () => {
  const ids = new Int32Array([40, 7, 99, 12]);
  const rows = [2, 0, 3];
  assert.deepEqual([null, 12, 40, 99, 7].map((from) => ids[rowInOrder(ids, rows, from, 1)]), [12, 40, 99, 12, 12]);
  assert.deepEqual([null, 12, 40, 99, 7].map((from) => ids[rowInOrder(ids, rows, from, -1)]), [99, 99, 12, 40, 99]);
  assert.equal(rowInOrder(ids, [], 7, 1), -1);
});

test("the next of many items is found without sorting them", () => {
  const random = randomNumbers(8);
  const ids = Int32Array.from({ length: 4000 }, (_, row) => (row * 1237) % 4001);
  let read = 0;
  const watched = new Proxy(ids, { get: (all, name) => (read++, Reflect.get(all, name)) });
  for (const step of /** @type {const} */ ([1, -1])) {
    const rows = [...ids.keys()].filter(() => random() < 0.7);
    const sorted = rows.map((row) => ids[row]).sort((a, b) => step * (a - b));
    for (const from of [null, ids[5], sorted[9], sorted.at(-1) ?? 0]) {
      read = 0;
      const expected = sorted.find((id) => from === null || step * (id - from) > 0) ?? sorted[0];
      assert.equal(ids[rowInOrder(watched, rows, from, step)], expected);
      assert.ok(read <= 5 * rows.length, `${read} reads`);
    }
  }
});
