import assert from "node:assert/strict";
import { test } from "node:test";

import { homeRanges, planarFigure } from "../../../embviz/ui/frontend/plot/figures.js";

const TEXTS = ["<b>", "H<sub>2</sub>O", '<a href="javascript:alert(1)">x</a>', "a & b", "&lt;i&gt;", "1 → 7"];
const SIGNS = /** @type {Record<string, string>} */ ({ "&amp;": "&", "&lt;": "<", "&gt;": ">" });

test("the titles of axes are given to Plotly without markup and mean what they meant", () => {
  const scene = { revision: "", coords: Float32Array.of(0, 0, 1, 1), dims: 2, axes: [""], scaled: true, svg: null };
  const titleOf = (/** @type {string} */ text) => {
    const drawn = /** @type {any} */ (planarFigure({ ...scene, axes: [text, text] }, /** @type {any} */ ({}), /** @type {any} */ ({ ranges: new Map() })));
    assert.equal(drawn.layout.xaxis.title.text, drawn.layout.yaxis.title.text);
    return drawn.layout.xaxis.title.text;
  };
  for (const text of TEXTS) {
    assert.doesNotMatch(titleOf(text), /[<>]/);
    assert.equal(titleOf(text).replace(/&(amp|lt|gt);/g, (/** @type {string} */ entity) => SIGNS[entity]), text);
  }
  assert.equal(titleOf("two\r\nlines"), "two lines");
});

test("the extents of coordinates are looked for once, though the home view is asked for in every frame", () => {
  let read = 0;
  const coords = new Proxy(Float32Array.of(0, 5, 10, -5, 3, 2), { get: (all, name) => (read++, Reflect.get(all, name, all)) });
  const scene = { revision: "", coords, dims: 2, axes: [], scaled: true, svg: null };
  const first = homeRanges(scene);
  const once = read;
  assert.ok(first.x[0] < 0 && first.x[1] > 10 && first.y[0] < -5 && first.y[1] > 5);
  assert.deepEqual(homeRanges(scene), first);
  assert.equal(read, once);
});
