/** What the cells of the table of class pairs say. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { shown, told } from "../../embviz/ui/frontend/heatmap.js";

test("a cell shows its index with three digits at most", () => {
  assert.equal(shown(0.04, null), "0.0");
  assert.equal(shown(9.94, null), "9.9");
  assert.equal(shown(14.2, null), "14");
  assert.equal(shown(99.7, null), "100");
});

test("where no neighbor was counted, a cell shows what the index is at most, rounded up", () => {
  assert.equal(shown(0, 0.31), "≤0.4");
  assert.equal(shown(0, 5.61), "≤5.7");
  assert.equal(shown(0, 11.2), "≤12");
  assert.equal(shown(0, 0.3), "≤0.3");
});

test("whoever points at a cell is told interval, rank and what it cannot be told from", () => {
  const index = { value: 14.234, most: null, low: 12.3, high: 16.1 };
  const place = { rank: 1, low: 1, high: 3, of: 45 };
  assert.equal(
    told("4 and 9", "of thoroughly mixed", index, place, "3 and 5"),
    "4 and 9: 14.23 % of thoroughly mixed; 95 % confidence interval 12.30 to 16.10 %; " +
      "rank 1 of 45, ranks 1 to 3 are possible; rank cannot be told from that of 3 and 5",
  );
});

test("a cell without interval and rank says neither", () => {
  const index = { value: 0, most: 0.31, low: null, high: null };
  assert.equal(
    told("0 and 1", "of thoroughly mixed", index, null, ""),
    "0 and 1: no neighbor of the other class was seen, so at most 0.31 % of thoroughly mixed",
  );
});
