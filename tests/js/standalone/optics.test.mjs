import assert from "node:assert/strict";
import { test } from "node:test";

import { distanceOf, homeCamera } from "../../../embviz/ui/frontend/maths/camera.js";
import { planarPlacement, screenOf } from "../../../embviz/ui/frontend/maths/screen.js";
import { cameraMatrix, evenRanges, moved, rangesEnlarged, turned } from "../../../embviz/ui/frontend/standalone/optics.js";
import { ticksOf } from "../../../embviz/ui/frontend/standalone/planar_axes.js";
import { randomNumbers } from "../random.mjs";

const ROOM = { width: 900, height: 600 };
const CLOUD = { center: [0.3, -0.2, 0.1], radius: 0.8 };
const HOME = homeCamera(CLOUD, ROOM);

/** @param {number[]} place @param {import("../../../embviz/ui/frontend/maths/camera.js").Camera} camera */
function seen(place, camera) {
  const { x, y, depth } = screenOf(new Float32Array(place), 3, cameraMatrix(camera, ROOM.width / ROOM.height), ROOM);
  return [x[0], y[0], depth[0]];
}

/** @type {(a: number[], b: number[], off?: number) => void} */
const near = (a, b, off = 0.05) => a.forEach((at, axis) => assert.ok(Math.abs(at - b[axis]) < off, `${a} is not ${b}`));

test("what a camera looks at is in the middle, at the distance of its eye; up is up, and the cloud fits", () => {
  near(seen(CLOUD.center, HOME), [450, 300, distanceOf(HOME)], 0.01);
  const [, above] = seen([0.3, -0.2, 0.6], HOME);
  assert.ok(above < 300);
  const ball = [0, 1, 2].flatMap((axis) => [-1, 1].map((side) => CLOUD.center.map((at, each) => at + (each === axis ? side * CLOUD.radius : 0))));
  for (const place of ball) {
    const [x, y] = seen(place, HOME);
    assert.ok(x > 0 && x < 900 && y > 0 && y < 600, `${x} ${y}`);
  }
});

test("turning keeps the middle, the distance and right angles, and moves what is in front with the hand", () => {
  let camera = HOME;
  const next = randomNumbers(1);
  for (let times = 0; times < 200; times++) {
    const [across, down] = [next() - 0.5, next() - 0.5];
    const front = [0, 1, 2].map((axis) => 0.9 * CLOUD.center[axis] + 0.1 * Object.values(camera.eye)[axis]); // on the line of sight
    const after = turned(camera, across, down);
    const [x, y] = seen(front, after);
    if (Math.abs(across) > 0.05) assert.equal(Math.sign(x - 450), Math.sign(across));
    if (Math.abs(down) > 0.05) assert.equal(Math.sign(y - 300), Math.sign(down));
    camera = after;
  }
  near(seen(CLOUD.center, camera), [450, 300, distanceOf(HOME)]);
  assert.ok(Math.abs(Math.hypot(...Object.values(camera.up)) - 1) < 1e-6);
});

test("moving brings the middle to where the hand is, by pixels", () => {
  const [x, y, far] = seen(CLOUD.center, moved(HOME, 90 / ROOM.height, -60 / ROOM.height));
  near([x, y, far], [540, 240, distanceOf(HOME)]);
});

test("ranges get as many pixels per unit on both axes, and lose nothing", () => {
  for (const ranges of [{ x: [0, 1], y: [0, 100] }, { x: [-5, 20], y: [3, 4] }]) {
    const { x, y } = evenRanges(/** @type {any} */ (ranges), ROOM);
    assert.ok(Math.abs((x[1] - x[0]) / 900 - (y[1] - y[0]) / 600) < 1e-12);
    assert.ok(x[0] <= ranges.x[0] + 1e-9 && x[1] >= ranges.x[1] - 1e-9 && y[0] <= ranges.y[0] + 1e-9 && y[1] >= ranges.y[1] - 1e-9);
    assert.ok(Math.abs(x[0] + x[1] - ranges.x[0] - ranges.x[1]) < 1e-9);
  }
});

test("enlarging keeps one place where it is on the screen", () => {
  const frame = { left: 60, top: 8, width: 800, height: 500 };
  const before = { x: /** @type {[number, number]} */ ([-2, 6]), y: /** @type {[number, number]} */ ([0, 5]) };
  const pixels = (/** @type {typeof before} */ ranges) => {
    const { scale, shift } = planarPlacement(ranges, frame);
    return [1.5 * scale[0] + shift[0], 4 * scale[1] + shift[1]];
  };
  const after = rangesEnlarged(before, [1.5, 4], 3);
  near(pixels(after), pixels(before), 1e-9);
  assert.ok(Math.abs(after.x[1] - after.x[0] - 8 / 3) < 1e-9);
});

test("numbers of an axis are round, within its range, and no more than there is room for", () => {
  assert.deepEqual(ticksOf([-2.3, 2.4], 5), [-2, -1, 0, 1, 2]);
  assert.deepEqual(ticksOf([0, 0.05], 5).map((at) => at.toFixed(2)), ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05"]);
  for (const [low, high, most] of [[-1e6, 3e7, 7], [1e-9, 2e-9, 3], [5, 5.001, 10]]) {
    const found = ticksOf([low, high], most);
    assert.ok(found.length <= most + 1 && found.length >= 1 && found.every((at) => at >= low - 1e-12 && at <= high), `${found}`);
  }
});
