import assert from "node:assert/strict";
import { test } from "node:test";

import { CELL, densityOf, densityPixels, densitySentence, MOST_CLASSES, ruleOf, strength } from "../../../embviz/ui/frontend/crowd/density.js";
import { planarMatrix, screenOf } from "../../../embviz/ui/frontend/maths/screen.js";
import { randomNumbers } from "../random.mjs";

const SIZE = { width: 400, height: 300 };
const FRAME = { left: 50, top: 10, width: 331, height: 244 };
const VIEW = { ...SIZE, frame: FRAME, matrix: planarMatrix({ x: [-1, 1], y: [-1, 1] }, FRAME, SIZE) };
const PERSPECTIVE = { ...SIZE, frame: FRAME, matrix: Float32Array.of(0.8, 0.1, 0.2, 0.3, -0.2, 0.9, 0.1, 0.2, 0.3, 0.1, 1, 0.4, 0.1, 0, 0, 1.1) };
const rows = (/** @type {number} */ n) => Uint32Array.from({ length: n }, (_, row) => row);
const NONE = new Uint32Array(0);

/** Rows in the frame, by the conversion that hover uses. */
function rowsInFrame(/** @type {Float32Array} */ coords, /** @type {number} */ dims, /** @type {typeof VIEW} */ view) {
  const { x, y } = screenOf(coords, dims, view.matrix, view);
  const { left, top, width, height } = view.frame;
  return [...rows(coords.length / dims)].filter((row) => x[row] >= left && x[row] < left + width && y[row] >= top && y[row] < top + height);
}

for (const [dims, view] of /** @type {[number, typeof VIEW][]} */ ([[2, VIEW], [3, PERSPECTIVE]])) {
  test(`in ${dims}-D the counts of all squares add up to the items in the frame, dimmed or not`, () => {
    const random = randomNumbers(dims);
    const n = 20_000;
    const coords = Float32Array.from({ length: n * dims }, () => 3 * (random() - 0.5)); // some outside the frame
    const shades = Uint16Array.from({ length: n }, () => Math.floor(4 * random()));
    const [behind, front] = [rows(n).subarray(0, 6000), rows(n).subarray(6000)];
    const density = densityOf({ coords, dims, view, behind, front, shades, scale: 0, colors: 4 });
    const sum = (/** @type {Uint32Array} */ counts) => counts.reduce((total, count) => total + count, 0);
    const seen = rowsInFrame(coords, dims, view);
    assert.ok(seen.length > 1000 && seen.length < n);
    assert.ok(Math.abs(sum(density.front) + sum(density.behind) - seen.length) <= 2); // float32 places on the frame's edge
    assert.equal(density.total, sum(density.front) + sum(density.behind));
    assert.equal(density.most, Math.max(...density.front));
  });
}

/** Squares of points at places in pixels of the frame. */
function squares(/** @type {number[][]} */ places, /** @type {number[]} */ shades, scale = 0, colors = 3) {
  const coords = Float32Array.from(places.flatMap(([x, y]) => [(2 * x) / FRAME.width - 1, 1 - (2 * y) / FRAME.height]));
  return densityOf({ coords, dims: 2, view: VIEW, behind: NONE, front: rows(places.length), shades, scale, colors });
}

test("a square has the color of its most frequent category, whatever the order", () => {
  const [here, there] = [[4, 4], [5, 7.5]];
  const density = squares([here, here, here, there, there], [2, 0, 2, 1, 1]);
  const at = (/** @type {number[]} */ [x, y]) => Math.floor(y / CELL) * density.columns + Math.floor(x / CELL);
  assert.deepEqual([density.front[at(here)], density.shades[at(here)]], [3, 2]);
  assert.deepEqual([density.front[at(there)], density.shades[at(there)]], [2, 1]);
  const turned = squares([there, here, there, here, here], [1, 2, 1, 0, 2]);
  assert.deepEqual(turned, density);
});

test("a square of numbers has the color of their mean; those without a number have no say", () => {
  const [here, there] = [[4, 4], [40, 40]];
  const density = squares([here, here, here, there], [10, 30, 256, 256], 256, 257);
  assert.deepEqual(density.shades.filter((_, cell) => density.front[cell] > 0), Uint16Array.of(20, 256));
});

test("numbers are averaged, few categories vote, and many or none say nothing", () => {
  assert.deepEqual([ruleOf(256, 257), ruleOf(0, 10), ruleOf(0, 1), ruleOf(0, MOST_CLASSES + 1)], ["mean", "majority", "plain", "plain"]);
});

test("opacity grows with the logarithm of the count, up to 1; empty squares show the page", () => {
  assert.ok(Math.abs(strength(10, 1000) - strength(1, 1000) - (strength(100, 1000) - strength(10, 1000))) < 1e-12);
  assert.deepEqual([strength(1000, 1000), strength(1, 1)], [1, 1]);
  assert.ok(strength(1, 1000) > 0.2);
  const density = { ...squares([[4, 4]], [1]), behind: new Uint32Array(squares([], []).front.length) };
  density.behind[0] = 5;
  const pixels = densityPixels(density, [[0, 0, 0], [1, 2, 3], [0, 0, 0]], [9, 8, 7]);
  const seen = [...rows(pixels.length / 4)].filter((cell) => pixels[cell * 4 + 3] > 0).map((cell) => [...pixels.subarray(cell * 4, cell * 4 + 3)]);
  assert.deepEqual(seen, [[9, 8, 7], [1, 2, 3]]);
});

test("the sentence says the color, the scale and what dimmed items do", () => {
  const said = { name: "class", most: "1,234", dims: 2, hasDimmed: false };
  assert.match(densitySentence({ ...said, rule: "majority" }), /most frequent among its items.*logarithmic scale from 1 to 1,234\.$/);
  assert.match(densitySentence({ ...said, rule: "mean", name: "size", dims: 3 }), /mean of its size.*one behind the other/);
  assert.match(densitySentence({ ...said, rule: "plain", hasDimmed: true }), /one color.*Dimmed items/);
});
