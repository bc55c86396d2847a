import assert from "node:assert/strict";
import { test } from "node:test";

import { atlasLayout, reduced } from "../../../embviz/ui/frontend/images/atlas_layout.js";

/** @param {[number, number, number, number]} given n, height, width, most */
function layoutOf([n, height, width, most]) {
  const layout = atlasLayout(n, { height, width }, most);
  assert.ok(layout.columns * layout.lines >= n, "every image has a place");
  assert.ok(layout.columns * layout.width <= most && layout.lines * layout.height <= most, "the texture is allowed");
  return layout;
}

test("images of MNIST keep their size, all 70,000 of them", () => {
  for (const n of [1, 2, 10_000, 70_000]) assert.deepEqual([layoutOf([n, 28, 28, 8192]).width, layoutOf([n, 28, 28, 8192]).height], [28, 28]);
});

test("what does not fit is reduced, with its proportions, and no further than it must be", () => {
  const many = layoutOf([70_000, 28, 28, 4096]);
  assert.equal(many.width, 15);
  assert.ok(Math.floor(4096 / 16) ** 2 < 70_000, "16 pixels would not fit");
  const wide = layoutOf([500, 100, 200, 2048]);
  assert.deepEqual([wide.width, wide.height], [64, 32]);
});

test("a texture that has hardly room for a pixel of each image still has one", () => {
  assert.deepEqual(layoutOf([100, 28, 28, 10]), { columns: 10, lines: 10, width: 1, height: 1 });
});

test("a reduced image has the averages, channel by channel, and one of the same size is the same", () => {
  const gray = new Uint8Array([0, 10, 100, 200, 20, 30, 0, 0]);
  assert.deepEqual([...reduced(gray, { height: 2, width: 4, channels: 1 }, { height: 1, width: 2 })], [15, 75]);
  assert.equal(reduced(gray, { height: 2, width: 4, channels: 1 }, { height: 2, width: 4 }), gray);
  const color = new Uint8Array([10, 0, 200, 30, 0, 100]);
  assert.deepEqual([...reduced(color, { height: 1, width: 2, channels: 3 }, { height: 1, width: 1 })], [20, 0, 150]);
});
