import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeTexts } from "../../../embviz/ui/frontend/state/labels.js";

/** @param {string[]} texts as Python sends them */
function encoded(texts) {
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  let end = 0;
  const ends = Int32Array.from(bytes, ({ length }) => (end += length));
  return new Uint8Array([...new Uint8Array(ends.buffer), ...bytes.flatMap((each) => [...each])]).buffer;
}

test("texts come back as they were, empty ones and those of several bytes a character too", () => {
  for (const texts of [["a", "", "<b>ü</b>", "七", ""], [], [""]]) assert.deepEqual(decodeTexts(encoded(texts), texts.length), texts);
});

test("texts that are cut off are refused", () => {
  const whole = encoded(["seven", "nine"]);
  assert.throws(() => decodeTexts(whole.slice(0, -1), 2), /expected 9 bytes/);
});
