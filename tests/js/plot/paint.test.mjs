import assert from "node:assert/strict";
import { test } from "node:test";

import { paint } from "../../../embviz/ui/frontend/plot/paint.js";
import { shuffledRows } from "../../../embviz/ui/frontend/maths/shuffled.js";
import { randomNumbers } from "../random.mjs";

const PALETTE = [[10, 11, 12], [20, 21, 22], [30, 31, 32], [1, 2, 3]];
const MISSING = PALETTE[3];
const DIMMED = [200, 201, 202];

/**
 * The paint of rows with these class codes; nothing is hidden, highlighted or selected unless `state` says so.
 * @param {number[]} codes
 * @param {Partial<Parameters<typeof paint>[0]>} [state]
 */
function painted(codes, state = {}) {
  return paint({
    coloring: { codes: Int8Array.from(codes), shades: Uint16Array.from(codes, (code) => (code < 0 ? 3 : code)), places: null },
    order: Uint32Array.from(codes, (_, row) => row),
    hidden: new Set(),
    standsOut: null,
    palette: PALETTE,
    dimmed: DIMMED,
    ...state,
  });
}

/**
 * The color of a row, as r, g, b.
 * @param {import("../../../embviz/ui/frontend/plot/paint.js").Paint} result
 * @param {number} row
 */
const colorOf = ({ colors }, row) => [...colors.subarray(row * 4, row * 4 + 3)];

test("every row that is not hidden is in exactly one layer, in drawing order", () => {
  const random = randomNumbers(6);
  const codes = Array.from({ length: 1000 }, () => Math.floor(random() * 4) - 1);
  const order = shuffledRows(1000);
  const someRows = new Set(order.filter(() => random() < 0.4));
  for (const hidden of [new Set(), new Set([1]), new Set([-1, 0, 1, 2])]) {
    for (const standsOut of [null, (/** @type {number} */ row) => someRows.has(row)]) {
      const { behind, front, shown, inFront } = painted(codes, { order, hidden, standsOut });
      const visible = [...order].filter((row) => !hidden.has(codes[row]));
      assert.deepEqual([...shown], [...behind, ...front]);
      assert.deepEqual([...behind], visible.filter((row) => !inFront[row]));
      assert.deepEqual([...front], visible.filter((row) => inFront[row]));
    }
  }
});

test("what is hidden is drawn in no layer and with no opacity", () => {
  const { shown, colors } = painted([0, 1, 0], { hidden: new Set([0]) });
  assert.deepEqual([...shown], [1]);
  assert.deepEqual([colors[3], colors[7] > 0, colors[11]], [0, true, 0]);
});

test("what is hidden stays hidden where it would stand out", () => {
  const { shown } = painted([0, 1], { hidden: new Set([0]), standsOut: () => true });
  assert.deepEqual([...shown], [1]);
});

test("rows without a value are hidden by a code of their own", () => {
  assert.deepEqual([...painted([0, -1, 1], { hidden: new Set([-1]) }).shown], [0, 2]);
});

test("rows have the color of their shade", () => {
  const result = painted([2, -1, 0]);
  assert.deepEqual([0, 1, 2].map((row) => colorOf(result, row)), [PALETTE[2], MISSING, PALETTE[0]]);
});

test("where nothing stands out all rows are in front", () => {
  const { front, emphasized } = painted([0, 1, -1]);
  assert.deepEqual([[...front], emphasized], [[0, 1, 2], false]);
});

test("where something stands out all else is dimmed", () => {
  const result = painted([0, 1, 2, -1], { standsOut: (row) => row % 2 === 0 });
  assert.deepEqual([[...result.front], result.emphasized], [[0, 2], true]);
  assert.deepEqual([0, 1, 2, 3].map((row) => colorOf(result, row)), [PALETTE[0], DIMMED, PALETTE[2], DIMMED]);
});
