import assert from "node:assert/strict";
import { test } from "node:test";

import { marksOf, pairRows } from "../../../embviz/ui/frontend/pointer/marking.js";
import { besidePair, shortened, strengths } from "../../../embviz/ui/frontend/pointer/marks.js";
import { randomNumbers } from "../random.mjs";

const ITEMS = {
  ids: Int32Array.of(40, 7, 99),
  labels: Int32Array.of(1, 2, 2),
  predictions: Int32Array.of(-1, -1, -1),
  rowOf: new Map([[40, 0], [7, 1], [99, 2]]),
};

test("the nearest neighbor is drawn fully, farther ones more faintly, and none not at all", () => {
  const drawn = strengths([1, 2, 2, 5]);
  assert.equal(drawn[0], 1);
  assert.equal(drawn[1], drawn[2]);
  assert.ok(drawn[0] > drawn[1] && drawn[1] > drawn[3] && drawn[3] > 0.2);
  assert.deepEqual(strengths([3, 3]), [1, 1]);
  assert.deepEqual(strengths([0]), [1]);
  assert.deepEqual(strengths([]), []);
});

test("a neighbor is marked where it is shown, and differently where its label is another", () => {
  const marks = marksOf({ ids: [7, 5, 40], distances: [1, 2, 3] }, 2, ITEMS);
  assert.deepEqual(marks.map(({ row, id, differs }) => [row, id, differs]), [[1, 7, false], [0, 40, true]]);
});

test("a pair is looked at only while its classes are highlighted and its items are here", () => {
  /** @type {(highlighted: number[] | null, pair: number[] | null) => number[] | null} */
  const rows = (highlighted, pair) => pairRows(/** @type {any} */ ({ request: { highlighted }, items: ITEMS }), /** @type {any} */ ({ pair }));
  assert.deepEqual(rows([1, 2], [40, 99]), [0, 2]);
  assert.equal(rows([1, 3], [40, 99]), null);
  assert.equal(rows(null, [40, 99]), null);
  assert.equal(rows([1, 2], [40, 5]), null);
  assert.equal(rows([1, 2], null), null);
});

test("images of a pair are within the stage, and never cover each other where it is wide enough", () => {
  const random = randomNumbers(3);
  const size = 64;
  for (let round = 0; round < 5000; round++) {
    const room = { width: 400 + random() * 800, height: 300 + random() * 500 };
    const [a, b] = [0, 1].map(() => ({ x: random() * room.width, y: random() * room.height }));
    const places = besidePair(a, b, room);
    for (const { x, y } of places) assert.ok(x >= 0 && y >= 0 && x + size <= room.width && y + size <= room.height);
    const [first, second] = places;
    const apart = Math.abs(first.x - second.x) >= size || Math.abs(first.y - second.y) >= size;
    const isAtEdge = Math.min(a.x, b.x) < 80 || Math.max(a.x, b.x) > room.width - 80;
    assert.ok(apart || isAtEdge, JSON.stringify({ a, b, places }));
  }
});

test("a line goes from edge to edge of two rings, and is none where they touch", () => {
  assert.deepEqual(shortened({ x: 0, y: 0 }, { x: 30, y: 40 }, 10), { x1: 6, y1: 8, x2: 24, y2: 32 });
  assert.equal(shortened({ x: 0, y: 0 }, { x: 0, y: 20 }, 10), null);
  assert.equal(shortened({ x: 5, y: 5 }, { x: 5, y: 5 }, 10), null);
});
