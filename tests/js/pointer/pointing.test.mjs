import assert from "node:assert/strict";
import { test } from "node:test";

import { onPointed, pointAt } from "../../../embviz/ui/frontend/pointer/pointing.js";

test("what a gallery is pointed at with is heard by the pane it is about, until that stops listening", () => {
  const heard = { left: [], right: [] };
  const stops = Object.entries(heard).map(([pane, list]) => onPointed(pane, (pointed) => list.push(pointed)));
  pointAt("left", { id: 7 });
  pointAt("right", { id: 8 });
  pointAt("left", null);
  pointAt("elsewhere", { id: 9 });
  assert.deepEqual(heard, { left: [{ id: 7 }, null], right: [{ id: 8 }] });
  for (const stop of stops) stop();
  pointAt("left", { id: 7 });
  assert.equal(heard.left.length, 2);
});
