import assert from "node:assert/strict";
import { test } from "node:test";

import { hearing, shortcutOf, takesKeys } from "../../../embviz/ui/frontend/chrome/shortcuts.js";

const NO_KEY = { key: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

test("Escape, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y are shortcuts, on a Mac with Command", () => {
  assert.equal(shortcutOf({ ...NO_KEY, key: "Escape" }), "let go");
  for (const control of [{ ctrlKey: true }, { metaKey: true }]) {
    assert.equal(shortcutOf({ ...NO_KEY, ...control, key: "z" }), "undo");
    assert.equal(shortcutOf({ ...NO_KEY, ...control, key: "Z", shiftKey: true }), "redo");
    assert.equal(shortcutOf({ ...NO_KEY, ...control, key: "y" }), "redo");
  }
});

test("other keys, and the same with others held, are none", () => {
  for (const key of ["z", "y", "a", "Enter"]) assert.equal(shortcutOf({ ...NO_KEY, key }), null);
  assert.equal(shortcutOf({ ...NO_KEY, key: "a", ctrlKey: true }), null);
  assert.equal(shortcutOf({ ...NO_KEY, key: "z", ctrlKey: true, altKey: true }), null);
  assert.equal(shortcutOf({ ...NO_KEY, key: "Escape", shiftKey: true }), null);
});

test("keys belong to what is typed in, and to no button or slider", () => {
  for (const type of ["text", "number", "search", undefined]) assert.ok(takesKeys({ tagName: "INPUT", type }));
  for (const tagName of ["TEXTAREA", "SELECT"]) assert.ok(takesKeys({ tagName }));
  assert.ok(takesKeys({ tagName: "DIV", isContentEditable: true }));
  assert.ok(takesKeys({ tagName: "DIV", role: "combobox" }));
  for (const type of ["range", "checkbox", "radio", "button"]) assert.ok(!takesKeys({ tagName: "INPUT", type }));
  for (const tagName of ["BUTTON", "DIV", "BODY"]) assert.ok(!takesKeys({ tagName }));
});

test("of several panes the one with the keyboard's focus hears a key, else the one used last, and never two", () => {
  const pane = (...inside) => ({ contains: (element) => inside.includes(element) });
  const [left, right] = [pane("point", "button"), pane("chip")];
  assert.equal(hearing([left, right], "button"), left);
  assert.equal(hearing([right, left], "chip"), right);
  assert.equal(hearing([left, right], "elsewhere"), right);
  assert.equal(hearing([right, left], "elsewhere"), left);
  assert.equal(hearing([], "elsewhere"), undefined);
});
