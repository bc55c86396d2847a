import assert from "node:assert/strict";
import { test } from "node:test";

import { planarMatrix } from "../../../embviz/ui/frontend/maths/screen.js";
import { USUAL_LOOK } from "../../../embviz/ui/frontend/state/memory.js";
import { anElement, fakePage } from "../fake_page.mjs";

const SIZE = { width: 200, height: 100 };
const FRAME = { left: 0, top: 0, ...SIZE };
const VIEW = { ...SIZE, frame: FRAME, matrix: planarMatrix({ x: [-1, 1], y: [-1, 1] }, FRAME, SIZE), eyeDistance: 0 };
const THEME = { outline: [0, 0, 0], ground: [255, 255, 255] };

/** Fulfilled when everything that waits for no timer has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** @param {number} n rows, all in front */
function paintOf(n) {
  const rows = Uint32Array.from({ length: n }, (_, row) => row);
  return { colors: new Uint8Array(n * 4).fill(255), behind: new Uint32Array(0), front: rows, shown: rows, inFront: new Uint8Array(n).fill(1), emphasized: false };
}

/** What is asked for of `n` points. */
function asked(/** @type {number} */ n, /** @type {any} */ more = {}) {
  const scene = { revision: `${n}`, coords: new Float32Array(n * 2), dims: 2, axes: ["x", "y"], scaled: false, svg: null };
  const items = { ids: Int32Array.from({ length: n }, (_, row) => row), rowOf: new Map() };
  return /** @type {any} */ ({ scene, layout: `${n}`, items, paint: paintOf(n), theme: THEME, colors: {}, images: null, revision: `${n}`, lines: new Uint32Array(0), ...more });
}

/** The images of items 0 to n - 1, all here; or those that are fetched when they are asked for. */
const imagesOf = (/** @type {number} */ n, /** @type {number[] | null} */ firsts = null) => ({
  address: { revision: "pixels", firsts, width: 1, height: 1, channels: 1 },
  pixels: new Map(Array.from({ length: n }, (_, id) => [id, Uint8Array.of(9)])),
  all: Promise.resolve(),
});

/** A picture over a plot that shows everything at once, unless `ready` is waited for. */
async function pictureOf(look = USUAL_LOOK) {
  const { Picture } = await import("../../../embviz/ui/frontend/plot/picture.js"); // its modules ask for a window at once
  const memory = /** @type {any} */ ({ look });
  /** @type {string[]} */
  const said = [];
  const picture = new Picture(anElement(), "", memory, { onDrawn: () => {}, onSentence: (sentence) => said.push(sentence) });
  const plot = { ready: Promise.resolve(), scene: null };
  Object.assign(picture.plot, {
    show: (/** @type {any} */ scene) => plot.ready.then(() => void (picture.plot.scene = scene)),
    placement: () => null,
    layerHost: () => anElement(),
    view: () => VIEW,
    refit() {},
  });
  return { picture, plot, said };
}

for (const [what, next] of /** @type {[string, any][]} */ ([
  ["none", asked(5)],
  ["too many", asked(5, { images: imagesOf(5, [0]) })],
])) {
  test(`pictures of the items before are not drawn for other items with ${what}`, async (context) => {
    const { drawn, pass } = fakePage(context);
    const { picture } = await pictureOf({ ...USUAL_LOOK, images: true });
    await picture.show(asked(3, { images: imagesOf(3) }));
    await settled();
    pass(50);
    assert.ok(drawn.some(({ name }) => name === "pictures"), "those of the items before are drawn");
    await picture.show(next);
    await settled();
    drawn.length = 0;
    pass(50);
    assert.deepEqual(drawn, [{ name: "points", count: 5, from: 0 }]);
  });
}

const MANY = 1_000_000;

/** The drawings since this was asked before. */
const since = (/** @type {{count: number, from: number}[]} */ drawn) => drawn.splice(0);
const total = (/** @type {{count: number}[]} */ drawings) => drawings.reduce((sum, { count }) => sum + count, 0);

test("a new drawing ends the slices of a whole picture, and the whole one comes at rest", async (context) => {
  const { drawn, fences, pass } = fakePage(context, { pointsPerMillisecond: 500 });
  const { picture } = await pictureOf();
  await picture.show(asked(MANY));
  pass(500); // the first drawing, a rest, and some of the 100 slices
  assert.ok(since(drawn).some(({ from }) => from > 0));
  assert.equal(picture.stage.dataset.drawn, "part");
  picture.plot.onView();
  pass(100);
  assert.deepEqual(since(drawn).map(({ from }) => from), [0], "a thinned picture, and no slice more");
  for (let move = 0; move < 50; move++) {
    picture.plot.onView();
    pass(16);
  }
  const moving = since(drawn);
  assert.ok(moving.length > 10 && moving.every(({ from }) => from === 0), "thinned pictures while it moves");
  assert.equal(picture.stage.dataset.drawn, "part");
  pass(8000);
  assert.equal(picture.stage.dataset.drawn, "all");
  const resting = since(drawn);
  const slices = resting.slice(resting.findLastIndex(({ from }) => from === 0));
  for (const [at, { from }] of slices.entries()) assert.equal(from, total(slices.slice(0, at)), "one slice after the other");
  assert.equal(total(slices), MANY);
  assert.deepEqual([fences.most, fences.pending], [1, 0]);
});

test("no slices are drawn of points that are not there any more", async (context) => {
  const { drawn, pass } = fakePage(context, { pointsPerMillisecond: 500 });
  const { picture } = await pictureOf();
  await picture.show(asked(MANY));
  pass(500);
  picture.repaint(paintOf(60_000), /** @type {any} */ ({}));
  since(drawn);
  pass(8000);
  const farthest = Math.max(...since(drawn).map(({ from, count }) => from + count));
  assert.equal(farthest, 60_000);
  assert.equal(picture.stage.dataset.drawn, "all");
});

test("what is hidden while plotly.js is being fetched is not drawn", async (context) => {
  const { drawn, pass } = fakePage(context);
  const { picture, plot } = await pictureOf();
  let fetched = () => {};
  plot.ready = new Promise((resolve) => (fetched = resolve));
  const shown = picture.show(asked(9));
  picture.repaint(paintOf(4), /** @type {any} */ ({}));
  fetched();
  await shown;
  pass(50);
  assert.deepEqual(drawn, [{ name: "points", count: 4, from: 0 }]);
});

test("other items' points are not painted before they are there", async (context) => {
  const { drawn, pass } = fakePage(context);
  const { picture, plot } = await pictureOf();
  await picture.show(asked(9));
  pass(50);
  since(drawn);
  let fetched = () => {};
  plot.ready = new Promise((resolve) => (fetched = resolve));
  const shown = picture.show(asked(6));
  picture.repaint(paintOf(5), /** @type {any} */ ({}));
  pass(50);
  assert.deepEqual(since(drawn), [], "the paint is of other items than the points");
  fetched();
  await shown;
  pass(50);
  assert.deepEqual(since(drawn), [{ name: "points", count: 5, from: 0 }]);
});

test("a plot that cannot be shown leaves the one before, which is painted again", async (context) => {
  const { drawn, pass } = fakePage(context);
  const { picture, plot } = await pictureOf();
  await picture.show(asked(9));
  pass(50);
  since(drawn);
  plot.ready = Promise.reject(new Error("no plot"));
  await assert.rejects(picture.show(asked(6)), /no plot/);
  picture.repaint(paintOf(8), /** @type {any} */ ({}));
  pass(50);
  assert.deepEqual(since(drawn), [{ name: "points", count: 8, from: 0 }]);
});

test("a density drawn anew after other colors were chosen has these", async (context) => {
  const { pass } = fakePage(context);
  const { picture } = await pictureOf({ ...USUAL_LOOK, density: true });
  /** @type {any[]} */
  const drawings = [];
  if (picture.crowd) picture.crowd.density.draw = (drawing) => void drawings.push(drawing);
  const [before, after] = /** @type {any[]} */ ([{ named: "before" }, { named: "after" }]);
  await picture.show(asked(9, { colors: before }));
  pass(50);
  const paint = paintOf(9);
  picture.repaint(paint, after);
  pass(50);
  assert.deepEqual(drawings.map(({ colors }) => colors), [before, after]);
  assert.equal(drawings[1].paint, paint);
});
