import assert from "node:assert/strict";
import { test } from "node:test";

import { cameraAround, cloudOf, distanceOf, homeCamera, sideOf } from "../../../embviz/ui/frontend/maths/camera.js";
import { axisNames } from "../../../embviz/ui/frontend/plot/axis_names.js";
import { solidBox } from "../../../embviz/ui/frontend/plot/figures.js";

const BOX = { scale: [1, 1, 1], shift: [0, 0, 0] };

/**
 * Points spread evenly over a sphere.
 * @param {number} n
 * @param {number[]} center
 * @param {number} radius
 */
function sphere(n, center, radius) {
  const golden = Math.PI * (3 - Math.sqrt(5));
  const coords = new Float32Array(3 * n);
  for (let at = 0; at < n; at++) {
    const z = 1 - (2 * at + 1) / n;
    const flat = Math.sqrt(1 - z * z);
    coords.set([flat * Math.cos(golden * at), flat * Math.sin(golden * at), z].map((v, axis) => center[axis] + radius * v), 3 * at);
  }
  return coords;
}

test("a cloud is known by its middle and radius, in the units of the box; a few points far away do not count", () => {
  const coords = sphere(1000, [1, 2, 3], 0.5);
  coords.set([500, 2, 3], 0);
  const { center, radius } = cloudOf(coords, { scale: [2, 2, 2], shift: [0, 0, 1] });
  [2, 4, 7].forEach((middle, axis) => assert.ok(Math.abs(center[axis] - middle) < 0.1, `${center}`));
  assert.ok(radius > 0.9 && radius < 1.1, `${radius}`);
});

test("at home the cloud fills the shorter side of the picture, wherever it is", () => {
  for (const room of [{ width: 800, height: 600 }, { width: 300, height: 900 }]) {
    const cloud = { center: [3, -1, 2], radius: 0.7 };
    const camera = homeCamera(cloud, room);
    assert.deepEqual(camera.center, { x: 3, y: -1, z: 2 });
    const seen = Math.tan(Math.asin(cloud.radius / distanceOf(camera))) / Math.tan(Math.PI / 8); // share of half the picture's height
    const shorter = Math.min(1, room.width / room.height);
    assert.ok(seen <= shorter && seen > 0.9 * shorter, `${seen}`);
  }
});

test("from another side the same cloud is as large, and in the middle", () => {
  const cloud = { center: [3, -1, 2], radius: 0.7 };
  const room = { width: 800, height: 600 };
  const zoomed = { eye: { x: 5, y: 1, z: 1 }, center: { x: 5, y: 0, z: 1 }, up: { x: 0, y: 0, z: -1 } };
  const camera = homeCamera(cloud, room, sideOf(zoomed));
  assert.deepEqual(camera.center, { x: 3, y: -1, z: 2 });
  assert.ok(Math.abs(distanceOf(camera) / distanceOf(homeCamera(cloud, room)) - 1) < 1e-3);
  assert.ok(camera.eye.x === 3 && camera.eye.z === 2 && camera.eye.y > -1 && camera.up.z === -1);
});

test("a camera keeps its side and comes nearer", () => {
  const camera = { eye: { x: 2, y: 0, z: 1 }, center: { x: 0, y: 0, z: 1 }, up: { x: 0, y: 0, z: 1 } };
  const near = cameraAround({ x: 0.5, y: 0.5, z: 0 }, camera, 4);
  assert.deepEqual(near, { eye: { x: 1, y: 0.5, z: 0 }, center: { x: 0.5, y: 0.5, z: 0 }, up: { x: 0, y: 0, z: 1 } });
});

test("one point, and points all in one place, have a camera too", () => {
  for (const coords of [new Float32Array(3), new Float32Array(30)]) {
    const camera = homeCamera(cloudOf(coords, BOX), { width: 10, height: 10 });
    assert.ok(Object.values(camera.eye).every(Number.isFinite));
  }
});

test("the name of an axis stands where that axis leaves the cloud, within the box", () => {
  const coords = sphere(500, [5, -3, 100], 10);
  const scene = { revision: "", coords, dims: 3, axes: ["a", "b", "c"], scaled: true, svg: null };
  const { ranges } = solidBox(scene);
  axisNames(scene).forEach(({ text, place }, named) => {
    assert.equal(text, scene.axes[named]);
    [5, -3, 100].forEach((middle, axis) => {
      assert.ok(Math.abs(place[axis] - middle - (axis === named ? 10 : 0)) < 0.5);
      assert.ok(place[axis] >= ranges[axis][0] && place[axis] <= ranges[axis][1]);
    });
  });
  assert.deepEqual(axisNames({ ...scene, axes: [] }), []);
});
