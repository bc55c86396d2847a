import assert from "node:assert/strict";
import { test } from "node:test";

import { note } from "../../embviz/ui/frontend/run.js";

test("a layout that forms tells its pace, or why it has none, and the divergence where there is one", () => {
  assert.equal(note({ state: "running", speed: 1234.5, divergence: null }), "1,235/s");
  assert.equal(note({ state: "running", speed: 0, divergence: null }), "");
  assert.equal(note({ state: "running", speed: 80, divergence: 1.778 }), "80/s · KL 1.78");
  assert.equal(note({ state: "paused", speed: 80, divergence: 1.778 }), "paused · KL 1.78");
  for (const state of ["ended", "over"]) assert.equal(note({ state, speed: 80, divergence: null }), "finishing");
});
