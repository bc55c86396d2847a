import assert from "node:assert/strict";
import { test } from "node:test";

import { cardPlace } from "../../../embviz/ui/frontend/pointer/tooltip.js";
import { randomNumbers } from "../random.mjs";

const CARD = { width: 150, height: 180 };
const ROOM = { width: 800, height: 600 };

test("the card is right of and below the pointer where there is room", () => {
  assert.deepEqual(cardPlace({ x: 100, y: 200 }, CARD, ROOM, 16), { left: 116, top: 216 });
});

test("at the right and lower edge the card is on the other side of the pointer", () => {
  assert.deepEqual(cardPlace({ x: 790, y: 590 }, CARD, ROOM, 16), { left: 790 - 16 - 150, top: 590 - 16 - 180 });
});

test("a card that fits the window never leaves it", () => {
  const random = randomNumbers(7);
  for (let round = 0; round < 5000; round++) {
    const room = { width: 1 + random() * 500, height: 1 + random() * 500 };
    const card = { width: random() * room.width, height: random() * room.height };
    const { left, top } = cardPlace({ x: random() * room.width, y: random() * room.height }, card, room);
    assert.ok(left >= 0 && left + card.width <= room.width, `left ${left}, card ${card.width}, room ${room.width}`);
    assert.ok(top >= 0 && top + card.height <= room.height, `top ${top}, card ${card.height}, room ${room.height}`);
  }
});

test("a card larger than the window shows its top left", () => {
  assert.deepEqual(cardPlace({ x: 50, y: 50 }, { width: 900, height: 700 }, ROOM), { left: 0, top: 0 });
});
