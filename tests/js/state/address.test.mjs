import assert from "node:assert/strict";
import test from "node:test";

import { lookOf, lookText, numbersOf, queryWith } from "../../../embviz/ui/frontend/state/address.js";

const camera = { eye: { x: 1.25, y: -0.5, z: 2 }, center: { x: 0, y: 0.125, z: 0 }, up: { x: 0, y: 0, z: 1 } };
/** @type {import("../../../embviz/ui/frontend/maths/screen.js").Ranges} */
const ranges = { x: [-1.5, 2], y: [0.25, 1e3] };

test("where one looks from comes back from the numbers of its text, as Python reads them", () => {
  const read = (/** @type {string} */ text) => lookOf(text.split("_").map(Number));
  assert.deepEqual(read(lookText({ camera })), { camera });
  assert.deepEqual(read(lookText({ ranges })), { ranges });
  for (const look of [{ camera }, { ranges }, null]) assert.deepEqual(lookOf(numbersOf(look)), look);
});

test("the query has what Python says, where one looks from, and what Streamlit reads itself", () => {
  assert.equal(queryWith("?old=1&embed=true&camera=1_2_3_4", "data=digits", null), "data=digits&embed=true");
  assert.equal(queryWith("", "data=digits", { ranges }), "data=digits&camera=-1.5_2_0.25_1000");
});
