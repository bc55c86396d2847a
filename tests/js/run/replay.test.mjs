import assert from "node:assert/strict";
import { test } from "node:test";

import { keyedTo, placeAt, playedTo } from "../../../embviz/ui/frontend/run/replay.js";

test("playing goes from frame to frame in order, to the last one, and stays there", () => {
  for (const last of [1, 7, 400]) {
    const places = Array.from({ length: 800 }, (_, at) => playedTo(0, last, at * 10));
    assert.equal(places[0], 0);
    assert.equal(places[799], last);
    places.forEach((place, at) => assert.ok(at === 0 || (place >= places[at - 1] && place <= last)));
  }
});

test("all frames take the same time, however many there are, and the rest of them the rest of it", () => {
  assert.equal(playedTo(0, 99, 3000), 50);
  assert.equal(playedTo(0, 9, 3000), 5);
  assert.equal(playedTo(50, 99, 3000), 99);
});

test("the slider counts steps of the plan, and shows the last frame that is not later", () => {
  const steps = [1, 10, 20, 20, 264];
  assert.deepEqual([0, 1, 9, 10, 19, 20, 263, 264, 750].map((step) => placeAt(steps, step)), [0, 0, 0, 1, 1, 3, 3, 4, 4]);
  steps.forEach((step, place) => assert.ok(steps[placeAt(steps, step)] === step && placeAt(steps, step) >= place));
});

test("keys go from frame to frame, however far apart they are, and not beyond the ends", () => {
  const last = 40;
  assert.deepEqual(["ArrowLeft", "ArrowUp", "PageDown", "PageUp", "Home", "End"].map((key) => keyedTo(key, 20, last)), [19, 21, 16, 24, 0, 40]);
  assert.deepEqual(["ArrowLeft", "PageDown", "Home"].map((key) => keyedTo(key, 0, last)), [0, 0, 0]);
  assert.deepEqual(["ArrowRight", "PageUp", "End"].map((key) => keyedTo(key, last, last)), [last, last, last]);
  assert.equal(keyedTo("PageUp", 0, 2), 1);
  for (const key of ["Tab", "Escape", "a", "toString"]) assert.equal(keyedTo(key, 3, last), null);
});
