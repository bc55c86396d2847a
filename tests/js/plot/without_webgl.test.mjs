import assert from "node:assert/strict";
import { test } from "node:test";

import { shuffledRows } from "../../../embviz/ui/frontend/maths/shuffled.js";
import { svgScene } from "../../../embviz/ui/frontend/plot/without_webgl.js";

/**
 * @param {number} n
 * @param {number} dims
 */
function sceneOf(n, dims) {
  const coords = Float32Array.from({ length: n * dims }, (_, at) => at);
  return { revision: "r", coords, dims, axes: ["a", "b", "c"], scaled: true, svg: null };
}

const colorOf = (/** @type {number} */ row) => `color ${row}`;

test("few items are all drawn, in drawing order and each in its color", () => {
  const { scene, sentence } = svgScene(sceneOf(3, 2), Uint32Array.of(2, 0, 1), colorOf);
  assert.deepEqual(Array.from(scene.svg?.rows ?? []), [2, 0, 1]);
  assert.deepEqual(scene.svg?.colors, ["color 2", "color 0", "color 1"]);
  assert.equal(sentence, "This browser has no WebGL2: items are drawn by Plotly.");
});

test("of many items 3,000 different ones are drawn, and the sentence says so", () => {
  const shown = shuffledRows(10_000);
  const { scene, sentence } = svgScene(sceneOf(10_000, 2), shown, colorOf);
  const rows = Array.from(scene.svg?.rows ?? []);
  assert.equal(new Set(rows).size, 3000);
  assert.ok(rows.every((row) => row < 10_000));
  assert.match(sentence, /at most 3,000 of 10,000 items/);
  assert.equal(svgScene(sceneOf(10_000, 2), shown.slice(0, 50), colorOf).sentence, sentence, "what is hidden is not left out");
});

test("each layer gets its share of the points drawn", () => {
  const shown = Uint32Array.from({ length: 12_000 }, (_, row) => row); // 9,000 dimmed rows, then 3,000 highlighted ones
  const rows = Array.from(svgScene(sceneOf(12_000, 2), shown, colorOf).scene.svg?.rows ?? []);
  assert.equal(rows.filter((row) => row >= 9000).length, 750);
  assert.ok(rows.every((row, at) => at === 0 || row > rows[at - 1]), "the highlighted ones above the dimmed ones");
});

test("3-D items are drawn by their first two coordinates", () => {
  const { scene, sentence } = svgScene(sceneOf(2, 3), Uint32Array.of(0, 1), colorOf);
  assert.deepEqual([scene.dims, ...scene.coords], [2, 0, 1, 3, 4]);
  assert.match(sentence, /by their first two coordinates/);
});

test("the scene given is not changed", () => {
  const scene = sceneOf(2, 3);
  svgScene(scene, Uint32Array.of(0, 1), colorOf);
  assert.deepEqual(scene, sceneOf(2, 3));
});
