import assert from "node:assert/strict";
import test from "node:test";
import { cameraOf, planarView, rangesOf, solidView } from "../../../embviz/ui/frontend/maths/linked.js";
import { zoomOf } from "../../../embviz/ui/frontend/maths/screen.js";

const HOME = { x: [-1, 1], y: [-1, 1] };
const OTHER = { x: [10, 50], y: [100, 110] };

test("a view carried over to a plot with the same home view is the same view", () => {
  const now = { x: [0.1, 0.3], y: [-0.4, -0.2] };
  const found = rangesOf(planarView(now, HOME), HOME);
  for (const axis of ["x", "y"]) now[axis].forEach((at, end) => assert.ok(Math.abs(found[axis][end] - at) < 1e-12));
});

test("the home view of one plot is the home view of the other", () => {
  assert.deepEqual(rangesOf(planarView(HOME, HOME), OTHER), OTHER);
});

test("in other coordinates everything is enlarged as much, and the same corner is in sight", () => {
  const now = { x: [0.5, 1], y: [0.5, 1] };
  const found = rangesOf(planarView(now, HOME), OTHER);
  assert.equal(zoomOf(OTHER, found), zoomOf(HOME, now));
  assert.deepEqual([found.x[1], found.y[1]], [50, 110]);
});

test("a plot whose home view was widened by its shape counts by the axis that was not", () => {
  const wide = { x: [-2, 2], y: [-1, 1] }; // as Plotly draws it where the room is twice as wide as high
  assert.deepEqual(rangesOf(planarView(wide, HOME), HOME), HOME);
});

const camera = (eye, center, up = { x: 0, y: 0, z: 1 }) => ({ eye, center, up });

test("a camera carried over looks from the same side, as near, at the same place of the cloud", () => {
  const home = camera({ x: 0, y: 0, z: 2 }, { x: 0, y: 0, z: 0 });
  const other = camera({ x: 5, y: 6, z: 1 }, { x: 5, y: 2, z: 1 });
  const now = camera({ x: 1, y: 0, z: 0 }, { x: 0.5, y: 0, z: 0 }, { x: 0, y: 1, z: 0 });
  const found = cameraOf(solidView(now, home), other);
  assert.deepEqual(found, camera({ x: 7, y: 2, z: 1 }, { x: 6, y: 2, z: 1 }, { x: 0, y: 1, z: 0 }));
  assert.deepEqual(cameraOf(solidView(now, home), home), now);
});
