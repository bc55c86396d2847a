import assert from "node:assert/strict";
import { test } from "node:test";

import { paint } from "../../../embviz/ui/frontend/plot/paint.js";
import { Sight } from "../../../embviz/ui/frontend/plot/sight.js";
import { planarMatrix, screenOf } from "../../../embviz/ui/frontend/maths/screen.js";
import { Labels } from "../../../embviz/ui/frontend/pointer/labels.js";
import { randomNumbers } from "../random.mjs";

const ROOM = { width: 400, height: 300 };
const N = 500;

/** An element that keeps its children. */
function element() {
  const children = /** @type {any[]} */ ([]);
  return {
    children,
    dataset: /** @type {Record<string, string>} */ ({}),
    style: { transform: "" },
    textContent: "",
    setAttribute() {},
    append: (/** @type {any} */ child) => children.push(child),
    get childElementCount() {
      return children.length;
    },
    get lastElementChild() {
      return { remove: () => children.pop() };
    },
  };
}

test("labels stand at their points, and of all points only theirs are looked for", (context) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "document");
  Object.defineProperty(globalThis, "document", { value: { createElement: element }, configurable: true });
  context.after(() => (before ? Object.defineProperty(globalThis, "document", before) : Reflect.deleteProperty(globalThis, "document")));
  const random = randomNumbers(2);
  const coords = Float32Array.from({ length: 2 * N }, random);
  let read = 0;
  const watched = new Proxy(coords, { get: (all, name) => (typeof name === "string" && /^\d+$/.test(name) && read++, Reflect.get(all, name, all)) });
  const view = { ...ROOM, frame: { left: 0, top: 0, ...ROOM }, eyeDistance: 0, matrix: planarMatrix({ x: [0, 1], y: [0, 1] }, { left: 0, top: 0, ...ROOM }, ROOM) };
  const sight = new Sight(/** @type {any} */ ({ scene: { svg: null }, view: () => view }), { coords: watched, dims: 2 });
  const rows = [...Array(N).keys()];
  const coloring = { codes: Int8Array.from(rows, (row) => Number(row === 7)), shades: new Uint16Array(N), places: null };
  sight.show(paint({ coloring, palette: [[0, 0, 0]], order: Uint32Array.from(rows), hidden: new Set([1]), standsOut: null, dimmed: [0, 0, 0] }));
  const stage = element();
  const labels = new Labels(/** @type {any} */ (stage));
  const texts = rows.map((row) => (row === 9 ? "" : `item ${row}`));
  labels.show(texts, [412, 7, 9, 33], rows.map((row) => row + 1000));
  labels.place(sight);
  const { x, y } = screenOf(coords, 2, view.matrix, view);
  const drawn = stage.children[0].children.map((/** @type {any} */ span) => [span.dataset.id, span.textContent, span.style.transform]);
  assert.deepEqual(drawn, [412, 33].map((row) => [String(row + 1000), `item ${row}`, `translate(${x[row]}px, ${y[row]}px)`]));
  assert.equal(read, 4);
});
