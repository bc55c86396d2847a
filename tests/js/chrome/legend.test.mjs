import assert from "node:assert/strict";
import { test } from "node:test";

import { briefCount } from "../../../embviz/ui/frontend/state/counts.js";
import { isolated, shownWith } from "../../../embviz/ui/frontend/chrome/legend.js";

test("isolating a class hides all others", () => {
  assert.deepEqual(isolated(new Set(), 1, 3), new Set([0, 2]));
});

test("isolating the only visible class shows all", () => {
  for (let code = 0; code < 4; code++) {
    assert.deepEqual(isolated(isolated(new Set(), code, 4), code, 4), new Set());
  }
});

test("isolating a hidden class shows it", () => {
  assert.deepEqual(isolated(new Set([0, 1, 2]), 1, 3), new Set([0, 2]));
  assert.deepEqual(isolated(new Set([1]), 1, 3), new Set([0, 2]));
});

test("isolating another class moves the isolation", () => {
  assert.deepEqual(isolated(new Set([0, 2]), 2, 3), new Set([0, 1]));
});

test("the classes hidden before are left as they were", () => {
  const hidden = new Set([2]);
  isolated(hidden, 0, 3);
  assert.deepEqual(hidden, new Set([2]));
});

test("classes that are to be seen are no longer hidden, and others stay as they are", () => {
  const hidden = new Set([0, 1, 4]);
  assert.deepEqual(shownWith(hidden, [1, 7]), new Set([0, 4]));
  assert.deepEqual(hidden, new Set([0, 1, 4]));
});

test("a brief count is rounded to three digits at most", () => {
  const counts = [0, 980, 999, 1000, 1135, 7877, 9949, 9950, 12_400, 999_499];
  assert.deepEqual(counts.map(briefCount), ["0", "980", "999", "1.0k", "1.1k", "7.9k", "9.9k", "10k", "12k", "999k"]);
});
