import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeCoords, decodeIdSet, decodeItems, decodeLines, decodeNews, encodeIdSet } from "../../../embviz/ui/frontend/state/protocol.js";
import { shuffledRows } from "../../../embviz/ui/frontend/maths/shuffled.js";
import { randomNumbers } from "../random.mjs";

test("an id set survives encoding and decoding", () => {
  const random = randomNumbers(1);
  for (const idLimit of [1, 7, 8, 9, 1000, 70_000, 200_000]) {
    for (const share of [0, 0.01, 0.5, 1]) {
      const ids = Array.from({ length: idLimit }, (_, id) => id).filter(() => random() < share);
      assert.deepEqual([...decodeIdSet(encodeIdSet(ids, idLimit))], ids);
    }
  }
});

test("an id set has the bit id % 8 of the byte id >> 3, and as many bytes as the limit needs", () => {
  assert.deepEqual([...Buffer.from(encodeIdSet([0, 9, 10], 17), "base64")], [0b1, 0b110, 0]);
  assert.deepEqual([...Buffer.from(encodeIdSet([0, 9, 10], 16), "base64")], [0b1, 0b110]);
});

test("order and repetition make no difference to an id set", () => {
  assert.equal(encodeIdSet([5, 2, 5], 8), encodeIdSet(new Set([2, 5]), 8));
});

test("text that is not base64 is no id set", () => {
  assert.throws(() => decodeIdSet("no base64!"));
});

test("items are three int32 columns", () => {
  const items = decodeItems(Int32Array.of(30, 10, 0, -1, 7, 1).buffer);
  assert.deepEqual([[...items.ids], [...items.labels], [...items.predictions]], [[30, 10], [0, -1], [7, 1]]);
  assert.deepEqual([30, 10, 0].map((id) => items.rowOf.get(id)), [0, 1, undefined]);
});

test("items of another length are refused with the length", () => {
  assert.throws(() => decodeItems(new ArrayBuffer(16)), /16 bytes are not three int32 columns/);
});

test("lines are pairs of ids, and become the rows of these", () => {
  const { rowOf } = decodeItems(Int32Array.of(30, 10, 20, 0, 0, 0, 0, 0, 0).buffer);
  assert.deepEqual([...decodeLines(Int32Array.of(10, 30, 30, 20).buffer, rowOf)], [1, 0, 0, 2]);
  assert.equal(decodeLines(new ArrayBuffer(0), rowOf).length, 0);
  for (const ids of [Int32Array.of(10, 31), Int32Array.of(10, 30, 20)]) {
    assert.throws(() => decodeLines(ids.buffer, rowOf), /not pairs of items that are here/);
  }
});

test("coordinates are float32, row after row", () => {
  assert.deepEqual([...decodeCoords(Float32Array.of(1, 2, 3, 4, 5, 6).buffer, 2, 3)], [1, 2, 3, 4, 5, 6]);
});

test("coordinates of another shape are refused", () => {
  assert.throws(() => decodeCoords(new ArrayBuffer(24), 2, 2), /expected 2 × 2, got 6 numbers/);
  assert.throws(() => decodeCoords(new ArrayBuffer(15), 2, 2));
});

/**
 * News of a run as the server sends it.
 * @param {number} code index of the state
 * @param {number[]} coords
 * @param {number} [divergence]
 */
function newsBuffer(code, coords, divergence = NaN) {
  const buffer = new ArrayBuffer(24 + 4 * coords.length);
  new Int32Array(buffer, 0, 4).set([7, 312, 750, code]);
  new Float32Array(buffer, 16).set([148.5, divergence, ...coords]);
  return buffer;
}

test("news of a run are six numbers and the coordinates", () => {
  const { coords, ...news } = decodeNews(newsBuffer(1, [1, 2, 3, 4, 5, 6], 0.5), 3, 2);
  assert.deepEqual(news, { serial: 7, done: 312, total: 750, code: 1, state: "running", speed: 148.5, divergence: 0.5 });
  assert.deepEqual([...(coords ?? [])], [1, 2, 3, 4, 5, 6]);
});

test("news of another state have no coordinates", () => {
  const { state, coords, divergence } = decodeNews(newsBuffer(2, []), 3, 2);
  assert.deepEqual([state, coords, divergence], ["paused", null, null]);
});

test("news of another number of items are refused", () => {
  assert.throws(() => decodeNews(newsBuffer(1, [1, 2]), 3, 2), /expected 3 × 2/);
});

test("shuffled rows are a permutation", () => {
  for (const n of [0, 1, 2, 1797]) {
    for (const seed of [0, 1, 2 ** 32 - 1]) {
      assert.deepEqual([...shuffledRows(n, seed)].sort((a, b) => a - b), Array.from({ length: n }, (_, row) => row));
    }
  }
});

test("the shuffle depends on the seed alone", () => {
  assert.deepEqual(shuffledRows(500, 3), shuffledRows(500, 3));
  assert.notDeepEqual(shuffledRows(500, 3), shuffledRows(500, 4));
});

test("every order can come out", () => {
  const orders = new Set(Array.from({ length: 100 }, (_, seed) => shuffledRows(3, seed).join()));
  assert.equal(orders.size, 6);
});

test("every part of the shuffle holds rows from everywhere", () => {
  // The mean of 2,000 rows drawn from 0..9999 without replacement has a standard deviation of 58.
  const rows = shuffledRows(10_000);
  for (let start = 0; start < 10_000; start += 2000) {
    const mean = rows.subarray(start, start + 2000).reduce((sum, row) => sum + row, 0) / 2000;
    assert.ok(Math.abs(mean - 4999.5) < 5 * 58, `mean row ${mean} from ${start} on`);
  }
});
