import assert from "node:assert/strict";
import { test } from "node:test";

import { statusLine } from "../../../embviz/ui/frontend/chrome/toolbar.js";

const ALL = { selected: 0, highlighted: [], dimmed: 0, hidden: 0 };

test("nothing is said where all items are as usual", () => {
  assert.equal(statusLine(ALL), "");
});

test("it is said what is highlighted, dimmed, hidden and selected, and nothing that is not", () => {
  assert.equal(
    statusLine({ ...ALL, highlighted: ["4", "9"], dimmed: 2163, hidden: 5844 }),
    "4 and 9 highlighted · 2,163 others dimmed · 5,844 hidden",
  );
  assert.equal(statusLine({ ...ALL, selected: 1143, dimmed: 8857 }), "1,143 selected · 8,857 others dimmed");
  assert.equal(statusLine({ ...ALL, hidden: 3 }), "3 hidden");
});
