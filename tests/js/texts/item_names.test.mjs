import assert from "node:assert/strict";
import { test } from "node:test";

import { itemName } from "../../../embviz/ui/frontend/texts/item_names.js";

/** @type {[string, number][]} */
const MNIST = [["train", 0], ["test", 60000]];

test("an item is called after its place in its split", () => {
  const names = [0, 59999, 60000, 60717].map((id) => itemName(id, MNIST));
  assert.deepEqual(names, ["train 0", "train 59999", "test 0", "test 717"]);
});

test("without splits it is called after its id", () => {
  assert.equal(itemName(717, []), "#717");
});
