import assert from "node:assert/strict";
import test from "node:test";
import { histograms } from "../../../embviz/ui/frontend/maths/histogram.js";

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

test("every item is counted once, on its own side of 0", () => {
  const scores = Float32Array.from({ length: 101 }, (_, at) => (at - 40) / 20);
  const sides = Int32Array.from(scores, (score) => (score > 0 ? 1 : 0));
  const { low, high, counts } = histograms(scores, sides, 12);
  assert.ok(low <= -2 && high >= 3);
  assert.deepEqual(counts.map(sum), [41, 60]);
  const width = (high - low) / counts[0].length;
  const border = Math.round(-low / width);
  assert.ok(Math.abs(low + border * width) < 1e-9, "0 is the border between two bins");
  assert.equal(sum(counts[1].slice(0, border)), 0);
});

test("items in one place, on one side only or at 0 have a histogram", () => {
  for (const values of [[0, 0], [2, 2], [-3, -1]]) {
    const { counts, low, high } = histograms(new Float32Array(values), new Int32Array([0, 1]), 10);
    assert.deepEqual(counts.map(sum), [1, 1]);
    assert.ok(low <= Math.min(...values) && high >= Math.max(...values) && high > low);
  }
});
