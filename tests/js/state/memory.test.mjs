import assert from "node:assert/strict";
import { test } from "node:test";

import { isFirst, memoryOf } from "../../../embviz/ui/frontend/state/memory.js";

test("what is remembered of one pane is remembered of no other, and is found again", () => {
  const left = memoryOf("left");
  left.cameras.set("coords", { eye: 1 });
  left.hidden.set("digits", new Set([3]));
  Object.assign(left, { tool: "lasso", lostRun: true, side: { x: 1 } });
  const right = memoryOf("right");
  assert.deepEqual([right.cameras.size, right.ranges.size, right.hidden.size], [0, 0, 0]);
  assert.deepEqual([right.tool, right.lostRun, right.side], ["pan", false, undefined]);
  assert.equal(memoryOf("left"), left);
});

test("a pane that is opened beside the first one shows what that one shows, and goes its own way then", () => {
  const first = memoryOf("left"); // the first that was ever asked for
  first.ranges.set("flat", [0, 1]);
  first.look = { ...first.look, size: 2 };
  const beside = memoryOf("beside", true);
  assert.deepEqual([...beside.hidden], [["digits", new Set([3])]]);
  assert.deepEqual([beside.cameras.get("coords"), beside.ranges.get("flat"), beside.side], [{ eye: 1 }, [0, 1], { x: 1 }]);
  assert.deepEqual([beside.look.size, beside.tool, beside.lostRun], [2, "pan", false]);
  beside.hidden.get("digits").add(5);
  assert.deepEqual(first.hidden.get("digits"), new Set([3]));
});

test("the first pane stays the first one, also when it is drawn again after others", () => {
  for (const pane of ["left", "right", "beside", "left"]) memoryOf(pane);
  assert.deepEqual(["left", "right", "beside"].map(isFirst), [true, false, false]);
});
