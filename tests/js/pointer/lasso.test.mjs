import assert from "node:assert/strict";
import { test } from "node:test";

import { OutlineSheet } from "../../../embviz/ui/frontend/pointer/lasso.js";
import { anElement, fakePage } from "../fake_page.mjs";

/** A sheet, and a way to send it events of a pointer; `found` has the outlines that it has reported. */
function sheetOf(/** @type {import("node:test").TestContext} */ context) {
  fakePage(context);
  /** @type {Set<number>} */
  const captured = new Set();
  /** @type {Map<string, (event: any) => void>} */
  const listeners = new Map();
  const canvas = anElement({
    getContext: () => anElement(),
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
    addEventListener: (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) => listeners.set(name, listener),
    setPointerCapture: (/** @type {number} */ id) => captured.add(id),
    hasPointerCapture: (/** @type {number} */ id) => captured.has(id),
  });
  document.createElement = () => canvas;
  Object.assign(globalThis, { getComputedStyle: () => ({ getPropertyValue: () => "" }) });
  context.after(() => delete (/** @type {any} */ (globalThis).getComputedStyle));
  /** @type {{x: number, y: number}[][]} */
  const found = [];
  const sheet = new OutlineSheet(anElement(), (outline) => found.push(outline));
  const send = (/** @type {string} */ name, /** @type {number} */ pointerId, x = 0, y = 0) => {
    listeners.get(name)?.({ pointerId, button: 0, clientX: x, clientY: y });
    if (name === "pointerup" || name === "pointercancel") captured.delete(pointerId);
  };
  const release = (/** @type {number} */ pointerId) => captured.delete(pointerId);
  return { sheet, send, found, release };
}

const PATH = [{ x: 0, y: 0 }, { x: 50, y: 0 }, { x: 50, y: 50 }];

test("a second finger takes no part in the outline of the first", (context) => {
  const { send, found } = sheetOf(context);
  send("pointerdown", 1, 0, 0);
  send("pointermove", 1, 50, 0);
  send("pointerdown", 2, 300, 300);
  send("pointermove", 2, 310, 300);
  send("pointermove", 1, 50, 50);
  send("pointerup", 2, 310, 300);
  assert.deepEqual(found, [], "the first one still draws");
  send("pointercancel", 2);
  send("pointerup", 1, 50, 50);
  assert.deepEqual(found, [PATH]);
});

test("whoever begins after that draws the next outline", (context) => {
  const { send, found } = sheetOf(context);
  for (const pointer of [1, 2]) {
    PATH.forEach(({ x, y }, at) => send(at ? "pointermove" : "pointerdown", pointer, x, y));
    send("pointerup", pointer);
  }
  assert.deepEqual(found, [PATH, PATH]);
});

test("an outline whose pointer was lost, or whose drawing was canceled, keeps nobody from the next one", (context) => {
  const { sheet, send, found, release } = sheetOf(context);
  send("pointerdown", 1, 7, 7);
  release(1); // as browsers do when the sheet is hidden
  PATH.forEach(({ x, y }, at) => send(at ? "pointermove" : "pointerdown", 2, x, y));
  sheet.cancel();
  send("pointerup", 2);
  assert.deepEqual(found, []);
  PATH.forEach(({ x, y }, at) => send(at ? "pointermove" : "pointerdown", 3, x, y));
  send("pointerup", 3);
  assert.deepEqual(found, [PATH]);
});
