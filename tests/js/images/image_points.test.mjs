import assert from "node:assert/strict";
import { test } from "node:test";

import { ImagePoints } from "../../../embviz/ui/frontend/images/image_points.js";
import { fakePage } from "../fake_page.mjs";

const IDS = Int32Array.of(4, 2);
const ROOM = { width: 100, height: 100 };

/** Image points on a GPU that the test asks what was drawn. */
function imagePoints(/** @type {import("node:test").TestContext} */ context) {
  const { drawn } = fakePage(context);
  const gl = document.createElement("canvas").getContext("webgl2");
  const points = new ImagePoints(/** @type {any} */ (gl), () => ({}));
  const draw = () => {
    drawn.length = 0;
    if (points.isReady) points.draw([{ row: 0, x: 5, y: 5, side: 9 }], new Uint8Array(8), [0, 0, 0], ROOM, 1);
    return drawn.length;
  };
  return { points, draw };
}

/** Images of 1 × 1 pixel, here when `all` is fulfilled. @returns {any} */
const images = (/** @type {string} */ revision, /** @type {Promise<void>} */ all) => ({
  address: { revision, firsts: null, width: 1, height: 1, channels: 1 },
  pixels: new Map([[4, Uint8Array.of(1)], [2, Uint8Array.of(2)]]),
  all,
});

test("pictures that could not be fetched once come when they can be", async (context) => {
  const { points, draw } = imagePoints(context);
  await assert.rejects(points.fill(images("a", Promise.reject(new Error("offline"))), IDS, "rows"), /offline/);
  assert.equal(draw(), 0);
  await points.fill(images("a", Promise.resolve()), IDS, "rows");
  assert.equal(draw(), 1);
});

test("pictures that could not be fetched do not end others that were asked for meanwhile", async (context) => {
  const { points, draw } = imagePoints(context);
  let fail = (/** @type {Error} */ _) => {};
  const first = points.fill(images("a", new Promise((_, reject) => (fail = reject))), IDS, "rows");
  await points.fill(images("b", Promise.resolve()), IDS, "rows");
  fail(new Error("offline"));
  await assert.rejects(first, /offline/);
  assert.equal(draw(), 1);
});
