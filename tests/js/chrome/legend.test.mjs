import assert from "node:assert/strict";
import { test } from "node:test";

import { isolated, shownWith } from "../../../embviz/ui/frontend/chrome/legend.js";

test("isolating a class hides all others", () => {
  assert.deepEqual(isolated(new Set(), 1, [0, 1, 2]), new Set([0, 2]));
});

test("isolating the only visible class shows all", () => {
  for (let code = -1; code < 3; code++) {
    assert.deepEqual(isolated(isolated(new Set(), code, [-1, 0, 1, 2]), code, [-1, 0, 1, 2]), new Set());
  }
});

test("isolating a hidden class shows it", () => {
  assert.deepEqual(isolated(new Set([0, 1, 2]), 1, [0, 1, 2]), new Set([0, 2]));
  assert.deepEqual(isolated(new Set([1]), 1, [0, 1, 2]), new Set([0, 2]));
});

test("isolating another class moves the isolation", () => {
  assert.deepEqual(isolated(new Set([0, 2]), 2, [0, 1, 2]), new Set([0, 1]));
});

test("the classes hidden before are left as they were", () => {
  const hidden = new Set([2]);
  isolated(hidden, 0, [0, 1, 2]);
  assert.deepEqual(hidden, new Set([2]));
});

test("classes that are to be seen are no longer hidden, and others stay as they are", () => {
  const hidden = new Set([0, 1, 4]);
  assert.deepEqual(shownWith(hidden, new Set([1, 7])), new Set([0, 4]));
  assert.deepEqual(hidden, new Set([0, 1, 4]));
});
