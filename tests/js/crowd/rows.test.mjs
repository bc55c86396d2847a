import assert from "node:assert/strict";
import { test } from "node:test";

import { rowIndex } from "../../../embviz/ui/frontend/crowd/row_index.js";
import { selectedRows } from "../../../embviz/ui/frontend/crowd/selected.js";
import { encodeIdSet } from "../../../embviz/ui/frontend/state/protocol.js";

for (const [how, ids] of /** @type {[string, number[]][]} */ ([["close together", [3, 0, 7, 2]], ["far apart", [2_000_000_000, 5, 70_000_000]], ["none", []]])) {
  test(`rows are found by ids that are ${how}, and no row by other ids`, () => {
    const index = rowIndex(Int32Array.from(ids));
    assert.equal(index.size, ids.length);
    assert.deepEqual(ids.map((id) => index.get(id)), ids.map((_, row) => row));
    for (const other of [-1, 1, 6, 100, 1_999_999_999]) assert.equal(index.get(other), undefined);
  });
}

test("the rows of a set of ids are those of its items that are here, and are marked", () => {
  const ids = Int32Array.of(9, 4, 20, 15);
  const items = { ids, rowOf: rowIndex(ids) };
  const selected = selectedRows(encodeIdSet([4, 15, 8, 23], 24), items);
  assert.deepEqual([selected?.rows, selected?.mask], [Uint32Array.of(1, 3), Uint8Array.of(0, 1, 0, 1)]);
  assert.equal(selectedRows(encodeIdSet([8], 24), items), null);
  assert.equal(selectedRows(null, items), null);
});
