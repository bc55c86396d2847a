import assert from "node:assert/strict";
import { test } from "node:test";

import { enlargement, mostZoom } from "../../../embviz/ui/frontend/maths/approach.js";

const ROOM = { width: 800, height: 600 };

test("two points that are in sight and apart need no other view", () => {
  assert.equal(enlargement(20, true, ROOM, 100), null);
  assert.equal(enlargement(700, true, ROOM, 100), null);
});

test("two points that all but touch are brought apart, as far as the zoom goes", () => {
  for (const distance of [19.9, 5, 0.3]) {
    const factor = /** @type {number} */ (enlargement(distance, true, ROOM, 1e6));
    assert.ok(distance * factor > 20 && distance * factor < 300);
  }
  assert.equal(enlargement(0, true, ROOM, 50), 50);
  assert.equal(enlargement(0.001, true, ROOM, 50), 50);
  assert.equal(enlargement(5, true, ROOM, 0.5), 1);
});

test("points out of sight are brought in, both of them, and are never farther apart than before", () => {
  for (const distance of [100, 500, 5000]) {
    const factor = /** @type {number} */ (enlargement(distance, false, ROOM, 100));
    assert.ok(distance * factor <= 300 && factor <= 1);
  }
});

test("more items can be looked at from nearer", () => {
  assert.ok(mostZoom(2 * 70_000, 2) > mostZoom(2 * 1000, 2));
  assert.ok(mostZoom(20, 2) >= 20);
});
