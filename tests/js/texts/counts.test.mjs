import assert from "node:assert/strict";
import { test } from "node:test";

import { briefCount, figure } from "../../../embviz/ui/frontend/texts/counts.js";

test("a brief count is rounded to three digits at most", () => {
  const counts = [0, 980, 999, 1000, 1135, 7877, 9949, 9950, 12_400, 999_499];
  assert.deepEqual(counts.map(briefCount), ["0", "980", "999", "1.0k", "1.1k", "7.9k", "9.9k", "10k", "12k", "999k"]);
});

test("a number is said in at most six digits, and a year without a comma", () => {
  const numbers = [0, -0, 5, -2.5, 0.1 + 0.2, 2024, 12_345.678, 0.0001, 0.00001, 1e12, 123_456_789];
  assert.deepEqual(numbers.map(figure), ["0", "0", "5", "-2.5", "0.3", "2024", "12,345.7", "0.0001", "1e-5", "1e+12", "123,457,000"]);
  assert.deepEqual([Infinity, -Infinity].map(figure), ["∞", "−∞"]);
});
