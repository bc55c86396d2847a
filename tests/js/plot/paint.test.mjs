import assert from "node:assert/strict";
import { test } from "node:test";

import { paint } from "../../../embviz/ui/frontend/plot/paint.js";
import { shuffledRows } from "../../../embviz/ui/frontend/state/protocol.js";
import { randomNumbers } from "../random.mjs";

const PALETTE = [[10, 11, 12], [20, 21, 22], [30, 31, 32]];
const PLAIN = [1, 2, 3];
const DIMMED = [200, 201, 202];

/**
 * The paint of rows with these class codes; nothing is hidden, highlighted or selected unless `state` says so.
 * @param {number[]} codes
 * @param {Partial<Parameters<typeof paint>[0]>} [state]
 */
function painted(codes, state = {}) {
  return paint({
    codes: Int32Array.from(codes),
    order: Uint32Array.from(codes, (_, row) => row),
    hidden: new Set(),
    highlighted: null,
    selectedRows: null,
    palette: PALETTE,
    plain: PLAIN,
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
    for (const highlighted of [null, [0, 2]]) {
      for (const selectedRows of [null, someRows]) {
        const { behind, front, shown, inFront } = painted(codes, { order, hidden, highlighted, selectedRows });
        const visible = [...order].filter((row) => !hidden.has(codes[row]));
        assert.deepEqual([...shown], [...behind, ...front]);
        assert.deepEqual([...behind], visible.filter((row) => !inFront[row]));
        assert.deepEqual([...front], visible.filter((row) => inFront[row]));
      }
    }
  }
});

test("hidden classes are drawn in no layer and with no opacity", () => {
  const { shown, colors } = painted([0, 1, 0], { hidden: new Set([0]) });
  assert.deepEqual([...shown], [1]);
  assert.deepEqual([colors[3], colors[7] > 0, colors[11]], [0, true, 0]);
});

test("a hidden class stays hidden when it is highlighted or selected", () => {
  const { shown } = painted([0, 1], { hidden: new Set([0]), highlighted: [0], selectedRows: new Set([0]) });
  assert.deepEqual([...shown], [1]);
});

test("rows have their class color, rows without label the plain one", () => {
  const result = painted([2, -1, 0]);
  assert.deepEqual([0, 1, 2].map((row) => colorOf(result, row)), [PALETTE[2], PLAIN, PALETTE[0]]);
});

test("without highlight or selection all rows are in front", () => {
  assert.deepEqual([...painted([0, 1, -1]).front], [0, 1, 2]);
});

test("classes that are not highlighted are dimmed", () => {
  const result = painted([0, 1, 2, -1], { highlighted: [0, 2] });
  assert.deepEqual([...result.front], [0, 2]);
  assert.deepEqual([0, 1, 2, 3].map((row) => colorOf(result, row)), [PALETTE[0], DIMMED, PALETTE[2], DIMMED]);
});

test("a selection beats a highlight", () => {
  const result = painted([0, 1], { highlighted: [0], selectedRows: new Set([1]) });
  assert.deepEqual([...result.front], [1]);
  assert.deepEqual([colorOf(result, 0), colorOf(result, 1)], [DIMMED, PALETTE[1]]);
});
