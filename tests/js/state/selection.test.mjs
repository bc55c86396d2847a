import assert from "node:assert/strict";
import { test } from "node:test";

import { combined, SelectionHistory, wrongRows } from "../../../embviz/ui/frontend/state/selection.js";

test("an outline replaces, adds to, or takes from what is selected", () => {
  assert.deepEqual(combined([1, 2], [2, 3], "replace"), new Set([2, 3]));
  assert.deepEqual(combined([1, 2], [2, 3], "add"), new Set([1, 2, 3]));
  assert.deepEqual(combined([1, 2], [2, 3], "subtract"), new Set([1]));
  assert.deepEqual(combined([], [2], "subtract"), new Set());
});

test("undo gives back selections in reverse order, redo in order", () => {
  const history = new SelectionHistory();
  history.push(null);
  history.push("a");
  assert.equal(history.undo("b"), "a");
  assert.equal(history.undo("a"), null);
  assert.equal(history.undo(null), undefined);
  assert.equal(history.redo(null), "a");
  assert.equal(history.redo("a"), "b");
  assert.equal(history.redo("b"), undefined);
});

test("another selection after an undo leaves nothing to redo", () => {
  const history = new SelectionHistory();
  history.push(null);
  history.undo("a");
  history.push(null);
  assert.equal(history.redo("b"), undefined);
  assert.equal(history.undo("b"), null);
});

test("a history is bounded", () => {
  const history = new SelectionHistory();
  for (let step = 0; step < 1000; step++) history.push(String(step));
  let steps = 0;
  while (history.undo("now") !== undefined) steps++;
  assert.ok(steps > 10 && steps < 100);
});

test("wrong is what has a label and another prediction", () => {
  const items = { labels: Int32Array.of(0, 1, 2, -1, 1), predictions: Int32Array.of(0, 2, 1, 1, -1) };
  assert.deepEqual(wrongRows(items, [0, 1, 2, 3, 4]), [1, 2]);
  assert.deepEqual(wrongRows(items, [0, 2]), [2]);
  assert.deepEqual(wrongRows(items, []), []);
});

test("without predictions it is not known what is wrong", () => {
  assert.equal(wrongRows({ labels: Int32Array.of(0, 1), predictions: Int32Array.of(-1, -1) }, [0, 1]), null);
});
