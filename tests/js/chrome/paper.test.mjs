import assert from "node:assert/strict";
import { test } from "node:test";

import { paperZoom } from "../../../embviz/ui/frontend/chrome/paper.js";

test("a plot of any size and shape fits a sheet, and fills it one way", () => {
  for (const [width, height] of [[690, 664], [804, 850], [1200, 400], [300, 900], [2000, 1000]]) {
    const zoom = paperZoom({ width, height });
    const filled = [(width * zoom) / 1000, (height * zoom) / 610];
    assert.ok(Math.max(...filled) <= 1 + 1e-9 && Math.max(...filled) >= 1 - 1e-9);
  }
});
