import assert from "node:assert/strict";
import test from "node:test";

import { LinkedViews } from "../../../embviz/ui/frontend/plot/views.js";

/** @typedef {import("../../../embviz/ui/frontend/plot/plot.js").Plot} Plot */

const camera = { eye: { x: 1, y: 2, z: 3 }, center: { x: 0, y: 0, z: 0 }, up: { x: 0, y: 0, z: 1 } };
/** @type {import("../../../embviz/ui/frontend/maths/screen.js").Ranges} */
const ranges = { x: [0, 1], y: [2, 3] };

/**
 * The views of a plot in 2-D that draws the coordinates "now", and what was done with it.
 * @param {boolean} isDrawn
 */
function viewsOf(isDrawn) {
  const done = /** @type {unknown[]} */ ([]);
  const plot = {
    memory: { cameras: new Map(), ranges: new Map([["now", { x: [5, 6], y: [5, 6] }]]) },
    plotly: isDrawn ? {} : undefined,
    scene: isDrawn ? { revision: "now", dims: 2 } : null,
    box: null,
    setRanges: async (/** @type {unknown} */ to) => done.push(to),
    setCamera: async (/** @type {unknown} */ to) => done.push(to),
    goHome: async () => done.push("home"),
    homeCamera: () => null,
    chosenCamera: () => undefined,
    ranges: () => ranges,
    homeRanges: () => ranges,
    onView: () => {},
  };
  const views = new LinkedViews(/** @type {Plot} */ (/** @type {unknown} */ (plot)));
  views.onMoved = (view) => done.push(view ? view.dims : "home of linked panes");
  return { views, done, memory: plot.memory };
}

test("coordinates that are drawn are looked at from there at once, and linked panes are told", async () => {
  const { views, done, memory } = viewsOf(true);
  await views.lookFrom("now", { ranges });
  assert.deepEqual(done, [ranges, 2]);
  assert.deepEqual(memory.ranges.get("now"), ranges);
});

test("coordinates that are not drawn yet are looked at from there once they are", async () => {
  for (const isDrawn of [true, false]) {
    const { views, done, memory } = viewsOf(isDrawn);
    await views.lookFrom("later", { camera });
    assert.deepEqual(done, []);
    assert.deepEqual(memory.cameras.get("later"), camera);
  }
});

test("the usual view forgets the one that was chosen", async () => {
  const drawn = viewsOf(true);
  await drawn.views.lookFrom("now", null);
  assert.deepEqual(drawn.done, ["home of linked panes", "home"]);
  const { views, memory } = viewsOf(false);
  await views.lookFrom("now", null);
  assert.equal(memory.ranges.size, 0);
});

test("a plot that draws fewer dimensions, as without WebGL2, is not turned", async () => {
  const { views, done } = viewsOf(true);
  await views.lookFrom("now", { camera });
  assert.ok(!done.includes(camera));
});

test("it is told when a person has moved the view, here or in a linked pane", async () => {
  /** @type {[string, (views: LinkedViews) => unknown][]} */
  const ways = [
    ["moved", (views) => views.moved()],
    ["went home", (views) => views.reset()],
    ["followed another pane", (views) => views.follow(null)],
  ];
  for (const [way, move] of ways) {
    const { views } = viewsOf(true);
    let told = 0;
    views.onChosen = () => told++;
    await move(views);
    assert.equal(told, 1, way);
  }
});
