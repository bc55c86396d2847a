import assert from "node:assert/strict";
import { test } from "node:test";

import { CORNERS, drawnLines, endsOf, toCorners, triangles } from "../../../embviz/ui/frontend/lines/drawn_lines.js";
import { randomNumbers } from "../random.mjs";

const [BRIGHT, DIM] = [255, 150];

/**
 * The paint of rows that are hidden, dimmed or bright; the red of each row is its number.
 * @param {("hidden" | "dim" | "bright")[]} rows
 */
function painted(rows) {
  return {
    colors: Uint8Array.from(rows.flatMap((how, row) => (how === "hidden" ? [0, 0, 0, 0] : [row, 1, 2, how === "dim" ? DIM : BRIGHT]))),
    inFront: Uint8Array.from(rows, (how) => (how === "bright" ? 1 : 0)),
  };
}

/** @param {import("../../../embviz/ui/frontend/lines/drawn_lines.js").DrawnLines} drawn */
const listed = ({ rows, colors }) =>
  Array.from({ length: rows.length / 2 }, (_, at) => [rows[2 * at], rows[2 * at + 1], colors[4 * at], colors[4 * at + 3]]);

test("a line has the color of the item that it begins at", () => {
  assert.deepEqual(listed(drawnLines(Uint32Array.of(0, 1, 2, 0), painted(["bright", "bright", "bright"]))), [
    [0, 1, 0, BRIGHT],
    [2, 0, 2, BRIGHT],
  ]);
});

test("a line of a dimmed item is dim whichever end that is, and below those that are not", () => {
  const lines = Uint32Array.of(0, 1, 0, 2, 2, 1, 2, 3);
  assert.deepEqual(listed(drawnLines(lines, painted(["bright", "bright", "dim", "dim"]))), [
    [0, 2, 2, DIM],
    [2, 1, 2, DIM],
    [2, 3, 2, DIM],
    [0, 1, 0, BRIGHT],
  ]);
});

test("exactly the lines between two items that are drawn are drawn", () => {
  const random = randomNumbers(3);
  const rows = Array.from({ length: 300 }, () => /** @type {const} */ (["hidden", "dim", "bright"])[Math.floor(random() * 3)]);
  const lines = Uint32Array.from({ length: 800 }, () => Math.floor(random() * 300));
  const pairs = Array.from({ length: 400 }, (_, at) => [lines[2 * at], lines[2 * at + 1]]);
  const expected = pairs.filter((pair) => pair.every((row) => rows[row] !== "hidden"));
  const found = listed(drawnLines(lines, painted(rows))).map(([from, to]) => [from, to]);
  assert.deepEqual(found.map(String).sort(), expected.map(String).sort());
  assert.equal(drawnLines(new Uint32Array(0), painted(["bright"])).rows.length, 0);
});

test("each corner of a line knows its line, and two triangles have all four of its own", () => {
  const lines = Float32Array.of(1, 2, 3, 4, 5, 6);
  const corners = toCorners(lines, 3, new Float32Array(lines.length * CORNERS));
  assert.deepEqual([...corners], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6, 4, 5, 6]);
  const found = triangles(3);
  for (const line of [0, 1, 2]) {
    const [first, second] = [found.subarray(line * 6, line * 6 + 3), found.subarray(line * 6 + 3, line * 6 + 6)];
    assert.deepEqual(new Set([...first, ...second]), new Set([0, 1, 2, 3].map((corner) => line * CORNERS + corner)));
    assert.equal([...first].filter((corner) => second.includes(corner)).length, 2, "they have one edge in common");
  }
});

test("the ends of a line are the places of its two items", () => {
  assert.deepEqual([...endsOf(Uint32Array.of(2, 0, 1, 2), Float32Array.of(0, 1, 10, 11, 20, 21), 2)], [20, 21, 0, 1, 10, 11, 20, 21]);
  assert.deepEqual([...endsOf(Uint32Array.of(1, 0), Float32Array.of(0, 1, 2, 10, 11, 12), 3)], [10, 11, 12, 0, 1, 2]);
});
