import assert from "node:assert/strict";
import { test } from "node:test";

import { playedTo } from "../../embviz/ui/frontend/replay.js";

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
