import assert from "node:assert/strict";
import test from "node:test";

import { lookIn, lookText, queryWith } from "../../../embviz/ui/frontend/state/address.js";

const camera = { eye: { x: 1.25, y: -0.5, z: 2 }, center: { x: 0, y: 0.125, z: 0 }, up: { x: 0, y: 0, z: 1 } };
const ranges = { x: [-1.5, 2], y: [0.25, 1e3] };

test("where one looks from comes back from its text", () => {
  assert.deepEqual(lookIn(lookText({ camera }), 3), { camera });
  assert.deepEqual(lookIn(lookText({ ranges }), 2), { ranges });
});

test("what is of the other number of dimensions, or no place to look from, is nothing", () => {
  const nothing = [lookText({ camera }), "", "1_2_3", "1_2_3_x", "2_1_0_1", "1_1_0_1", "0_1_0_1e300", "0_1__1", "NaN_1_0_1"];
  for (const text of nothing) assert.equal(lookIn(text, 2), null, text);
  for (const text of [lookText({ ranges }), "0_0_0_0_0_0_0_0_1", "1_0_0_0_0_0_0_0_0"]) assert.equal(lookIn(text, 3), null, text);
});

test("the query has what Python says, where one looks from, and what Streamlit reads itself", () => {
  assert.equal(queryWith("?old=1&embed=true&camera=1_2_3_4", "data=digits", null), "data=digits&embed=true");
  assert.equal(queryWith("", "data=digits", { ranges }), "data=digits&camera=-1.5_2_0.25_1000");
});
