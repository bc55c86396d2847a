import assert from "node:assert/strict";
import { test } from "node:test";

import { rowsWithRoom } from "../../../embviz/ui/frontend/images/room.js";
import { randomNumbers } from "../random.mjs";

const FRAME = { left: 0, top: 0, width: 800, height: 600 };

/** @param {number[][]} places */
const screen = (places) => ({ x: Float32Array.from(places, ([x]) => x), y: Float32Array.from(places, ([, y]) => y) });

test("no two boxes overlap, and whoever has none overlaps one that came before", () => {
  const random = randomNumbers(5);
  const places = screen(Array.from({ length: 400 }, () => [random() * 900 - 50, random() * 700 - 50]));
  const sizes = Array.from({ length: 400 }, () => ({ width: 10 + random() * 80, height: 10 + random() * 60 }));
  const rows = Array.from({ length: 400 }, (_, row) => (row * 7) % 400);
  const found = rowsWithRoom(places, rows, (row) => sizes[row], FRAME);
  const overlap = (/** @type {number} */ a, /** @type {number} */ b) =>
    Math.abs(places.x[a] - places.x[b]) < (sizes[a].width + sizes[b].width) / 2 - 1e-4 &&
    Math.abs(places.y[a] - places.y[b]) < (sizes[a].height + sizes[b].height) / 2 - 1e-4;
  assert.ok(found.length > 20);
  found.forEach((a, at) => found.slice(at + 1).forEach((b) => assert.ok(!overlap(a, b))));
  for (const row of rows) {
    const inFrame = places.x[row] >= 0 && places.x[row] <= 800 && places.y[row] >= 0 && places.y[row] <= 600;
    if (found.includes(row)) assert.ok(inFrame);
    else assert.ok(!inFrame || found.some((other) => overlap(row, other)));
  }
});

test("those that come first have room first, and no more than were asked for", () => {
  const places = screen([[100, 100], [105, 100], [300, 300], [500, 500]]);
  const size = () => ({ width: 20, height: 20 });
  assert.deepEqual(rowsWithRoom(places, [1, 0, 2, 3], size, FRAME), [1, 2, 3]);
  assert.deepEqual(rowsWithRoom(places, [0, 1, 2, 3], size, FRAME, 2), [0, 2]);
});

test("the same rows have room while a plot is moved", () => {
  const random = randomNumbers(6);
  const spots = Array.from({ length: 300 }, () => [200 + random() * 400, 200 + random() * 200]);
  const rows = spots.map((_, row) => row);
  const size = () => ({ width: 32, height: 32 });
  const before = rowsWithRoom(screen(spots), rows, size, FRAME);
  assert.deepEqual(rowsWithRoom(screen(spots.map(([x, y]) => [x + 64, y - 32])), rows, size, FRAME), before);
});

test("rows behind the eye have no room", () => {
  assert.deepEqual(rowsWithRoom(screen([[NaN, NaN], [10, 10]]), [0, 1], () => ({ width: 5, height: 5 }), FRAME), [1]);
});
