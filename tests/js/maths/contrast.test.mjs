import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, luminance, mixed, readableOn } from "../../../embviz/ui/frontend/maths/contrast.js";
import { strength } from "../../../embviz/ui/frontend/heatmap.js";
import { randomNumbers } from "../random.mjs";

const [BLACK, WHITE] = [[0, 0, 0], [255, 255, 255]];

test("contrast is WCAG's: 21 for black on white, 4.48 for #777 on white", () => {
  assert.equal(contrast(BLACK, WHITE), 21);
  assert.equal(contrast(WHITE, BLACK), 21);
  assert.equal(contrast(WHITE, [0x77, 0x77, 0x77]).toFixed(2), "4.48");
  assert.equal(luminance([255, 0, 0]).toFixed(4), "0.2126");
});

test("what is written can always be read", () => {
  const random = randomNumbers(5);
  const color = () => [random(), random(), random()].map((share) => Math.floor(share * 256));
  for (let round = 0; round < 5000; round++) {
    const [ground, preferred] = [color(), color()];
    assert.ok(contrast(ground, readableOn(ground, preferred)) >= 4.5);
  }
  assert.deepEqual(readableOn(WHITE, [0x1b, 0x20, 0x26]), [0x1b, 0x20, 0x26]);
});

test("every cell of a heat map can be read in both themes", () => {
  const themes = [
    { background: WHITE, ink: [0x1b, 0x20, 0x26], accent: [0x2f, 0x6f, 0xdb] },
    { background: [0x0f, 0x12, 0x16], ink: [0xe6, 0xe9, 0xed], accent: [0x5b, 0x9c, 0xff] },
  ];
  for (const { background, ink, accent } of themes) {
    for (let value = 0; value <= 20; value += 0.1) {
      const ground = mixed(background, accent, 0.06 + 0.94 * strength(value));
      assert.ok(contrast(ground, readableOn(ground, ink)) >= 4.5, `${value} %`);
    }
  }
});

test("the scale of a heat map is the same whatever else is in the table, and ends at 15 %", () => {
  assert.equal(strength(0), 0);
  assert.equal(strength(15), 1);
  assert.equal(strength(60), 1);
  for (let value = 0.5; value <= 15; value += 0.5) assert.ok(strength(value) > strength(value - 0.5));
});
