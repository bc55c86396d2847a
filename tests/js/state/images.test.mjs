import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { differenceOf, Images, partOf } from "../../../embviz/ui/frontend/state/images.js";

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
 * @param {number[] | null} [firsts]
 */
const address = (revision, urls, firsts = /** @type {number[] | null} */ (null)) => ({ revision, urls, firsts, height: 1, width: 2, channels: 1 });

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

test("the part of an image is the last one that does not begin after it", () => {
  const firsts = [2, 5, 9];
  assert.deepEqual([2, 4, 5, 8, 9, 100].map((id) => partOf(firsts, id)), [0, 0, 1, 1, 2, 2]);
});

test("where parts have first ids, a part is fetched once, when one of its images is asked for", async () => {
  serve({ "http://host/a": chunk([1, 2], [1, 2, 3, 4]), "http://host/b": chunk([5, 7], [9, 8, 7, 6]) });
  const served = globalThis.fetch;
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = (url) => {
    asked.push(String(url));
    return served(url);
  };
  const images = Images.at(address("on demand", ["a", "b"], [1, 5]), "http://host/");
  await images.all;
  assert.deepEqual(asked, []);
  assert.deepEqual(await Promise.all([images.here([7]), images.here([5])]), [true, true]);
  assert.deepEqual(asked, ["http://host/b"]);
  assert.deepEqual([...(images.pixels.get(7) ?? [])], [7, 6]);
  assert.equal(await images.here([5, 7]), false);
  assert.equal(images.pixels.has(1), false);
});

test("a part that could not be fetched is asked for again", async () => {
  globalThis.fetch = async () => new Response("broken", { status: 500 });
  const images = Images.at(address("broken part", ["a"], [1]), "http://host/");
  await assert.rejects(images.here([1]), /broken/);
  serve({ "http://host/a": chunk([1], [1, 2]) });
  assert.equal(await images.here([1]), true);
});

test("images fetched on demand come from the server's new addresses after it was started again", async () => {
  serve({ "http://old/a": chunk([1], [1, 2]) });
  const images = Images.at(address("restarted", ["a", "b"], [1, 5]), "http://old/");
  await images.here([1]);
  serve({ "http://new/d": chunk([5], [3, 4]) });
  const again = Images.at(address("restarted", ["c", "d"], [1, 5]), "http://new/");
  assert.equal(await again.here([5]), true);
  assert.deepEqual([1, 5].map((id) => [...(again.pixels.get(id) ?? [])]), [[1, 2], [3, 4]]);
  assert.equal(again, images, "all plots and galleries still share them");
});
