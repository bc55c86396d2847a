import assert from "node:assert/strict";
import { test } from "node:test";

import { easeInOut, Motion, startOf } from "../../../embviz/ui/frontend/maths/glide.js";
import { randomNumbers } from "../random.mjs";

/** @param {number[]} ids */
const itemsOf = (ids) => /** @type {any} */ ({ ids: Int32Array.from(ids), rowOf: new Map(ids.map((id, row) => [id, row])) });

const PLAIN = { scale: [1, 1], shift: [0, 0] };

test("easing goes from 0 to 1, never back, and is slow at both ends", () => {
  const shares = Array.from({ length: 101 }, (_, at) => easeInOut(at / 100));
  assert.deepEqual([shares[0], shares[50], shares[100]], [0, 0.5, 1]);
  shares.forEach((share, at) => assert.ok(at === 0 || share > shares[at - 1]));
  assert.ok(shares[10] < 0.01 && shares[90] > 0.99);
});

test("what was drawn before starts at the same place of the screen, whatever the axes", () => {
  const random = randomNumbers(5);
  for (const dims of [2, 3]) {
    const placement = () => ({
      scale: Array.from({ length: dims }, () => (random() + 0.1) * (random() < 0.5 ? -100 : 100)),
      shift: Array.from({ length: dims }, () => random() * 500),
    });
    const numbers = () => Float32Array.from({ length: 6 * dims }, () => random() * 10);
    const before = { items: itemsOf([9, 4, 7, 1, 30, 2]), coords: numbers(), placement: placement() };
    const after = { items: itemsOf([2, 30, 1, 7, 4, 9]), coords: numbers(), placement: placement() };
    const start = startOf(before, after);
    after.items.ids.forEach((/** @type {number} */ id, /** @type {number} */ row) => {
      const old = before.items.rowOf.get(id);
      for (let axis = 0; axis < dims; axis++) {
        const was = before.coords[old * dims + axis] * before.placement.scale[axis] + before.placement.shift[axis];
        const is = start[row * dims + axis] * after.placement.scale[axis] + after.placement.shift[axis];
        assert.ok(Math.abs(was - is) < 0.01, `${was} and ${is}`);
      }
    });
  }
});

test("items that were not drawn before are at their place from the start", () => {
  const before = { items: itemsOf([1, 2]), coords: Float32Array.of(1, 1, 2, 2), placement: PLAIN };
  const after = { items: itemsOf([2, 3]), coords: Float32Array.of(20, 20, 30, 30), placement: PLAIN };
  assert.deepEqual([...startOf(before, after)], [2, 2, 30, 30]);
  assert.deepEqual([...after.coords], [20, 20, 30, 30]);
});

test("a glide starts where it is told, moves all the time, and ends exactly at the coordinates themselves", () => {
  const motion = new Motion();
  const [from, to] = [Float32Array.of(0, 0), Float32Array.of(0.1, 0.7)];
  motion.glide(from, to, 2, 600);
  assert.ok(motion.isMoving && motion.step(1000));
  assert.deepEqual([...motion.coords], [0, 0], "the clock starts with the first drawing");
  let before = 0;
  for (const now of [1100, 1300, 1550]) {
    assert.ok(motion.step(now));
    assert.ok(motion.coords[1] > before && motion.coords[1] < to[1]);
    before = motion.coords[1];
  }
  assert.ok(motion.step(1600));
  assert.equal(motion.coords, to);
  assert.ok(!motion.isMoving && !motion.step(1700));
  assert.deepEqual([...from, ...to], [0, 0, ...Float32Array.of(0.1, 0.7)]);
});

test("a glide interrupted by another begins where the points are", () => {
  const motion = new Motion();
  motion.glide(Float32Array.of(0, 0), Float32Array.of(1, 1), 2, 600);
  motion.step(0);
  motion.step(300);
  const drawn = motion.coords.slice();
  assert.deepEqual([...drawn], [0.5, 0.5]);
  motion.glide(motion.coords.slice(), Float32Array.of(-1, 0), 2, 600);
  motion.step(310);
  assert.deepEqual([...motion.coords], [...drawn]);
  motion.step(910);
  assert.deepEqual([...motion.coords], [-1, 0]);
});

test("the next frame is reached evenly in the time between frames, and cut short without a jump by the one after it", () => {
  const motion = new Motion();
  motion.place(Float32Array.of(0, 0), 2);
  motion.follow(Float32Array.of(1, 2), 100);
  motion.step(0);
  motion.step(50);
  assert.deepEqual([...motion.coords], [0.5, 1]);
  motion.follow(Float32Array.of(0.5, 3), 100);
  motion.step(60);
  assert.deepEqual([...motion.coords], [0.5, 1]);
  motion.step(160);
  assert.deepEqual([...motion.coords], [0.5, 3]);
  assert.ok(!motion.isMoving);
});

test("frames that come during a glide become its end", () => {
  const motion = new Motion();
  motion.glide(Float32Array.of(0, 0), Float32Array.of(1, 1), 2, 600);
  motion.step(0);
  motion.step(300);
  motion.follow(Float32Array.of(1.1, 1.1), 40);
  motion.step(301);
  assert.ok(Math.abs(motion.coords[0] - 0.55) < 0.01, "a tenth of the way more, not a jump to the frame");
  motion.step(600);
  assert.deepEqual([...motion.coords], [...Float32Array.of(1.1, 1.1)]);
});

test("without time points are there with the next drawing", () => {
  const motion = new Motion();
  const to = Float32Array.of(3, 4);
  motion.glide(Float32Array.of(0, 0), to, 2, 0);
  assert.ok(motion.step(5));
  assert.equal(motion.coords, to);
});

test("what is placed has moved once", () => {
  const motion = new Motion();
  motion.place(Float32Array.of(1, 2), 2);
  assert.deepEqual([motion.step(0), motion.step(1), motion.isMoving], [true, false, false]);
});
