import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, thinned } from "../../../embviz/ui/frontend/crowd/thinning.js";
import { shuffledRows } from "../../../embviz/ui/frontend/maths/shuffled.js";
import { paint } from "../../../embviz/ui/frontend/plot/paint.js";

const SIZES = [300, 5_000, 20_000, 74_700]; // rows sorted by class, as files often are

/** @param {number | null} lit class that stands out */
function painted(lit) {
  const codes = Int32Array.from(SIZES.flatMap((size, code) => Array(size).fill(code)));
  const palette = SIZES.map((_, code) => [code, code, code]);
  const coloring = { codes, shades: Uint16Array.from(codes), places: null };
  const standsOut = lit === null ? null : (/** @type {number} */ row) => codes[row] === lit;
  return { codes, ...paint({ coloring, palette, order: shuffledRows(codes.length), hidden: new Set(), standsOut, dimmed: [9, 9, 9] }) };
}

for (const most of [10_000, 40_000]) {
  test(`of ${most} points drawn of 100,000 each class has its share, but for chance`, () => {
    const { codes, behind, front } = painted(null);
    const [back, fore] = thinned([behind.length, front.length], most);
    assert.deepEqual([back, fore], [0, most]);
    SIZES.forEach((size, code) => {
      const share = most / codes.length;
      const drawn = front.subarray(0, fore).reduce((sum, row) => sum + Number(codes[row] === code), 0);
      const deviation = Math.sqrt(size * share * (1 - share));
      assert.ok(Math.abs(drawn - size * share) < 4 * deviation, `class ${code}: ${drawn} of ${size}`);
    });
  });
}

test("the same points are drawn each time, and more include those drawn of fewer", () => {
  const [first, again] = [painted(null), painted(null)];
  assert.deepEqual(first.front.subarray(0, 10_000), again.front.subarray(0, 10_000));
  assert.deepEqual(thinned([0, 100_000], 10_000), thinned([0, 100_000], 10_000));
});

test("dimmed points and others are thinned alike, to the number asked for", () => {
  const { behind, front } = painted(2);
  const [back, fore] = thinned([behind.length, front.length], 10_000);
  assert.equal(back + fore, 10_000);
  assert.ok(Math.abs(fore / front.length - back / behind.length) < 1e-3);
});

test("what fits is not thinned", () => {
  assert.deepEqual(thinned([3, 4], 7), [3, 4]);
  assert.deepEqual(thinned([3, 4], Infinity), [3, 4]);
  assert.deepEqual(thinned([0, 0], 10), [0, 0]);
});

test("a pace follows what drawing takes: a slow machine draws fewer points, a quick one all", () => {
  const [slow, quick] = [new Pace(), new Pace()];
  for (let frame = 0; frame < 30; frame++) {
    slow.took(slow.fits, slow.fits / 1000); // a thousand points per millisecond
    quick.took(1_000_000, 4);
  }
  assert.ok(Math.abs(slow.fits - 20_000) < 100, `${slow.fits}`);
  assert.ok(quick.fits > 1_000_000);
  for (let frame = 0; frame < 30; frame++) slow.took(slow.fits, 10_000);
  assert.equal(slow.fits, 10_000); // fewer would show no shapes
});
