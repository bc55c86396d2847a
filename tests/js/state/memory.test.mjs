import assert from "node:assert/strict";
import { test } from "node:test";

import { memoryOf } from "../../../embviz/ui/frontend/state/memory.js";

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
