import assert from "node:assert/strict";
import { test } from "node:test";

import { FocusKeeper } from "../../../embviz/ui/frontend/state/focus.js";

const NOTHING = { source: "toy", serial: 0, pinned: null, selected: null, pair: null };

function keeper(focus = {}) {
  const made = new FocusKeeper({ ...NOTHING, ...focus });
  /** @type {import("../../../embviz/ui/frontend/state/messages.js").FocusMessage[]} */
  const told = [];
  made.onChange = (now) => told.push(now);
  return { made, told };
}

test("each change here is told once, with a serial of its own", () => {
  const { made, told } = keeper();
  made.change({ pinned: 3 });
  made.change({ pinned: 3 });
  made.change({ selected: "A" });
  assert.deepEqual(told.map(({ serial, pinned, selected }) => [serial, pinned, selected]), [[1, 3, null], [2, 3, "A"]]);
});

test("what is older than what is known is not taken over, unless it is on other data", () => {
  const { made, told } = keeper({ serial: 5, pinned: 1 });
  made.take({ ...NOTHING, serial: 4, pinned: 2 });
  assert.equal(made.now.pinned, 1);
  made.take({ ...NOTHING, source: "other", serial: 4, pinned: 2 });
  assert.equal(made.now.pinned, 2);
  assert.deepEqual(told, []);
});

test("a new session of the server is told what is pinned here, and is heard again then", () => {
  const { made, told } = keeper({ serial: 4, pinned: 9 });
  made.takeFrom("first", { ...NOTHING, serial: 4, pinned: 9 });
  made.takeFrom("first", { ...NOTHING, serial: 3, pinned: 1 }); // late
  assert.deepEqual([made.now.pinned, told.length], [9, 0]);
  made.takeFrom("after a restart", NOTHING);
  assert.deepEqual(told, [{ ...NOTHING, serial: 5, pinned: 9 }]);
  made.takeFrom("after a restart", { ...NOTHING, serial: 6, pinned: 42 });
  assert.deepEqual([made.now.pinned, told.length], [42, 1]);
  made.takeFrom("again", { ...NOTHING, source: "other", serial: 0 });
  assert.deepEqual([made.now.pinned, told.length], [null, 1]);
});

test("selections of both sides are found again, and what is pinned stays", () => {
  const { made } = keeper();
  made.change({ selected: "A" });
  made.take({ ...made.now, serial: 9, selected: null });
  made.change({ pinned: 7 });
  made.undo();
  assert.deepEqual([made.now.selected, made.now.pinned], ["A", 7]);
  made.undo();
  assert.equal(made.now.selected, null);
  made.redo();
  assert.equal(made.now.selected, "A");
});

test("other data have a history of their own", () => {
  const { made, told } = keeper();
  made.change({ selected: "A" });
  made.take({ ...NOTHING, source: "other", serial: 5 });
  made.undo();
  assert.equal(told.length, 1);
  assert.equal(made.canUndo, false);
});

test("a closest pair is looked at beside a selection, and is let go first", () => {
  const { made } = keeper();
  made.change({ pinned: 1, selected: "A" });
  made.take({ ...made.now, serial: 9, pair: [4, 5] });
  assert.equal(made.now.selected, "A");
  made.letGo(made.now.pair !== null);
  assert.deepEqual([made.now.pair, made.now.selected, made.now.pinned], [null, "A", 1]);
  made.letGo(made.now.pair !== null);
  assert.deepEqual([made.now.selected, made.now.pinned], [null, 1]);
  made.letGo(made.now.pair !== null);
  assert.equal(made.now.pinned, null);
});

test("whatever is pinned or selected, the pair is no longer looked at", () => {
  for (const change of [{ pinned: 3 }, { selected: "B" }]) {
    const { made } = keeper({ pair: [4, 5] });
    made.change(change);
    assert.equal(made.now.pair, null);
  }
});
