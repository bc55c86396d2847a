import assert from "node:assert/strict";
import { test } from "node:test";

import { note, steadied, timeInWords } from "../../../embviz/ui/frontend/run/run.js";
import { wishesIn } from "../../../embviz/ui/frontend/run/steer.js";

test("a layout that forms tells the time left, or why it stands still, and the divergence where there is one", () => {
  assert.equal(note({ state: "running", divergence: null }, 38), "about 40 s left");
  assert.equal(note({ state: "running", divergence: null }, null), "");
  assert.equal(note({ state: "running", divergence: 1.778 }, 2), "a few seconds left · KL 1.78");
  assert.equal(note({ state: "paused", divergence: 1.778 }, 38), "paused · KL 1.78");
  assert.equal(note({ state: "waiting", divergence: null }, 38), "waiting for its turn");
  for (const state of ["ended", "over"]) assert.equal(note({ state, divergence: null }, 38), "finishing");
});

test("a time is said in words that are as rough as it is", () => {
  const words = [0.3, 7, 38, 64, 400, 4000].map(timeInWords);
  assert.deepEqual(words, ["a few seconds", "about 5 s", "about 40 s", "about 1 min", "about 7 min", "more than an hour"]);
});

test("the time said counts down, follows a shorter one, and never leaps up", () => {
  assert.equal(steadied(null, 60, 1), 60);
  assert.equal(steadied(60, 59, 1), 59);
  assert.equal(steadied(59, 600, 1), 59.5);
  let said = 500;
  for (let left = 60; left > 0; left--) said = steadied(said, left, 1);
  assert.ok(Math.abs(said - 1) < 2);
});

test("every state has its buttons: Pause or Resume, never both, and after the end only what goes on", () => {
  const names = (state) => wishesIn({ state, unit: "epoch", more: 250 }).map(({ name }) => name);
  assert.deepEqual(names("running"), ["Pause", "Stop", "+250", "Perturb"]);
  assert.deepEqual(names("waiting"), ["Pause", "Stop", "+250", "Perturb"]);
  assert.deepEqual(names("paused"), ["Resume", "Stop", "+250", "Perturb"]);
  assert.deepEqual(names("ended"), ["+250 epochs"]);
});
