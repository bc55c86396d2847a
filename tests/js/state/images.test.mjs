import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { differenceOf, Images } from "../../../embviz/ui/frontend/state/images.js";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/**
 * Answer every address with the bytes of one chunk.
 * @param {Record<string, BodyInit>} bodies by address
 */
function serve(bodies) {
  globalThis.fetch = async (url) => {
    const body = bodies[String(url)];
    const headers = { "content-type": "application/octet-stream" };
    return body === undefined ? new Response("gone", { status: 404 }) : new Response(body, { headers });
  };
}

/**
 * A chunk of images as the server sends it.
 * @param {number[]} ids
 * @param {number[]} pixels
 */
const chunk = (ids, pixels) => new Blob([Int32Array.of(ids.length, ...ids), Uint8Array.from(pixels)]);

/** Fulfilled when everything that waits for no timer has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/**
 * The address of images of 2 × 1 gray pixels.
 * @param {string} revision
 * @param {string[]} urls
 */
const address = (revision, urls) => ({ revision, urls, height: 1, width: 2, channels: 1 });

test("every image is found by its id, whichever chunk it came in", async () => {
  serve({ "http://host/a": chunk([7, 3], [1, 2, 3, 4]), "http://host/b": chunk([5], [9, 8]) });
  const images = Images.at(address("chunks", ["a", "b"]), "http://host/");
  await images.all;
  const found = [3, 5, 7].map((id) => [...(images.pixels.get(id) ?? [])]);
  assert.deepEqual(found, [[3, 4], [9, 8], [1, 2]]);
});

test("one dataset's images are fetched once", async () => {
  serve({ "http://host/a": chunk([0], [1, 2]) });
  const images = Images.at(address("once", ["a"]), "http://host/");
  await images.all;
  assert.equal(Images.at(address("once", ["a"]), "http://host/"), images);
});

test("images that were dropped and put back meanwhile are fetched", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  serve({});
  const { all } = Images.at(address("dropped", ["a"]), "http://host/");
  await settled();
  serve({ "http://host/a": chunk([0], [1, 2]) });
  context.mock.timers.tick(500);
  await all;
});

test("images that could not be fetched are fetched again when asked for again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const waiting = setInterval(() => context.mock.timers.tick(6000), 1);
  context.after(() => clearInterval(waiting));
  serve({});
  await assert.rejects(Images.at(address("again", ["a"]), "http://host/").all, /gone/);
  serve({ "http://host/a": chunk([0], [1, 2]) });
  await Images.at(address("again", ["a"]), "http://host/").all;
});

test("a page of Streamlit's own instead of data is an error", async () => {
  globalThis.fetch = async () => new Response("<html>", { headers: { "content-type": "text/html" } });
  await assert.rejects(Images.at(address("html", ["a"]), "http://host/").all, /reload the page/);
});

test("the difference of two gray images has the color of the one that has more ink, and is clear where both are the same", () => {
  const drawn = differenceOf(new Uint8Array([10, 200, 0]), new Uint8Array([10, 50, 255]), 1);
  assert.deepEqual([drawn[3], drawn[7], drawn[11]], [0, 150, 255]);
  assert.notDeepEqual([...drawn.slice(4, 7)], [...drawn.slice(8, 11)]);
});

test("images in color are gray where both are the same, and opaque", () => {
  assert.deepEqual([...differenceOf(new Uint8Array([9, 0, 255]), new Uint8Array([9, 254, 55]), 3)], [128, 255, 28, 255]);
});
