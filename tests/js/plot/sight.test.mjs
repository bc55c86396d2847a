import assert from "node:assert/strict";
import { test } from "node:test";

import { paint } from "../../../embviz/ui/frontend/plot/paint.js";
import { planarMatrix } from "../../../embviz/ui/frontend/maths/screen.js";
import { Sight } from "../../../embviz/ui/frontend/plot/sight.js";

const FRAME = { left: 50, top: 10, width: 140, height: 70 };
const CANVAS = { width: 200, height: 100 };

/**
 * A `Sight` of points whose coordinates are pixels from the top left of the canvas.
 * @param {number[][]} places
 * @param {{hidden?: number[], selected?: number[], drawn?: number[]}} [options] drawn: the rows drawn without WebGL
 */
function sightOf(places, { hidden = [], selected, drawn } = {}) {
  const ranges = {
    x: /** @type {[number, number]} */ ([FRAME.left, FRAME.left + FRAME.width]),
    y: /** @type {[number, number]} */ ([FRAME.top + FRAME.height, FRAME.top]),
  };
  const view = { matrix: planarMatrix(ranges, FRAME, CANVAS), ...CANVAS, frame: FRAME, eyeDistance: 0 };
  const scene = { svg: drawn ? { rows: drawn, colors: [] } : null };
  const points = { coords: Float32Array.from(places.flat()), dims: 2 };
  const sight = new Sight(/** @type {any} */ ({ scene, view: () => view }), points); // a view as the plot would give it
  sight.show(
    paint({
      coloring: { codes: Int8Array.from(places, (_, row) => row), shades: new Uint16Array(places.length), places: null },
      palette: [[0, 0, 0]],
      order: Uint32Array.from(places, (_, row) => row),
      hidden: new Set(hidden),
      standsOut: selected ? (row) => selected.includes(row) : null,
      dimmed: [0, 0, 0],
    }),
  );
  return sight;
}

const EVERYTHING = [{ x: -50, y: -50 }, { x: 250, y: -50 }, { x: 250, y: 150 }, { x: -50, y: 150 }];

test("the row under the pointer is found where it is drawn", () => {
  const sight = sightOf([[60, 20], [100, 50]]);
  assert.deepEqual([sight.rowAt(60, 20), sight.rowAt(101, 51), sight.rowAt(150, 50)], [0, 1, -1]);
});

test("nothing is found beside the frame, where no point is drawn", () => {
  const sight = sightOf([[30, 50], [49, 50], [100, 90]]);
  assert.deepEqual([sight.rowAt(30, 50), sight.rowAt(49, 50), sight.rowAt(100, 90)], [-1, -1, -1]);
  assert.equal(sight.rowAt(51, 50), 1, "the part of a disc that is inside the frame");
});

test("an outline selects only what is in sight", () => {
  assert.deepEqual(sightOf([[30, 50], [60, 20], [100, 50], [100, 90], [-20, 50]]).rowsInside(EVERYTHING), [1, 2]);
});

test("hidden classes are neither found nor selected", () => {
  const sight = sightOf([[60, 20], [100, 50]], { hidden: [0] });
  assert.equal(sight.rowAt(60, 20), -1);
  assert.deepEqual(sight.rowsInside(EVERYTHING), [1]);
});

test("where only a sample is drawn, only that is found", () => {
  const sight = sightOf([[60, 20], [100, 50]], { drawn: [1] });
  assert.deepEqual([sight.rowAt(60, 20), sight.rowAt(100, 50)], [-1, 1]);
});

test("what is selected is found before what is dimmed", () => {
  assert.equal(sightOf([[60, 20], [61, 20]]).rowAt(60, 20), 0);
  assert.equal(sightOf([[60, 20], [61, 20]], { selected: [1] }).rowAt(60, 20), 1);
});

test("nothing is found before something is shown", () => {
  const sight = sightOf([[60, 20]]);
  sight.show(null);
  assert.equal(sight.rowAt(60, 20), -1);
  assert.deepEqual(sight.rowsInside(EVERYTHING), []);
  assert.equal(sight.placeOf(0), null);
});

test("a picture in the place of a point is pointed at wherever it is", () => {
  const sight = sightOf([[100, 40], [110, 40]]);
  sight.pictures = [{ row: 0, x: 100, y: 40, side: 30 }];
  assert.deepEqual([sight.rowAt(110, 40), sight.rowAt(114, 54), sight.rowAt(86, 26)], [0, 0, 0]);
  sight.pictures = [];
  assert.deepEqual([sight.rowAt(110, 40), sight.rowAt(114, 54)], [1, -1]);
});

test("points that are drawn larger are pointed at as far as they reach", () => {
  const sight = sightOf([[100, 40]]);
  assert.equal(sight.rowAt(113, 40), -1);
  sight.size = 2;
  sight.forget();
  assert.equal(sight.rowAt(113, 40), 0);
});
