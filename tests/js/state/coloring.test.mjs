import assert from "node:assert/strict";
import { test } from "node:test";

import { figure } from "../../../embviz/ui/frontend/texts/counts.js";
import { codesIn, decodeColoring, legendKey, paletteOf, valueName } from "../../../embviz/ui/frontend/state/coloring.js";
import { randomNumbers } from "../random.mjs";

/** @typedef {import("../../../embviz/ui/frontend/state/messages.js").ColoringMessage} ColoringMessage */

const gray = (/** @type {number} */ level) => ({ light: String(level), dark: String(-level) });
const entry = (/** @type {number} */ code, /** @type {string} */ name) => ({ code, name, count: 1, color: gray(10 * code) });
const onLight = (/** @type {{light: string}} */ { light }) => [Number(light), 0, 0];
const PLAIN = [1, 2, 3];

/** @type {ColoringMessage} */
const WRITERS = { name: "writer", kind: "categories", isTold: true, revision: "", url: "", entries: [entry(0, "a"), entry(1, "b"), entry(-1, "no value")], scale: null };

/** @type {ColoringMessage} */
const LOSSES = { name: "loss", kind: "values", isTold: true, revision: "", url: "", entries: [entry(-1, "no value")], scale: { low: 2, high: 4, unit: "number", colors: [gray(0), gray(100), gray(255)] } };

test("a category has its entry's name and color, and so has none", () => {
  const decoded = decodeColoring(WRITERS, Int8Array.of(1, -1, 0).buffer, 3);
  const palette = paletteOf(WRITERS, PLAIN, onLight);
  assert.deepEqual([...decoded.codes], [1, -1, 0]);
  assert.deepEqual([0, 1, 2].map((row) => valueName(WRITERS, decoded, row)), ["b", "no value", "a"]);
  assert.deepEqual([...decoded.shades].map((shade) => palette[shade]), [[10, 0, 0], [-10, 0, 0], [0, 0, 0]]);
});

test("a number has the color of its place on the scale", () => {
  const decoded = decodeColoring(LOSSES, Float32Array.of(0, 0.5, 1, NaN, 0.25, Infinity, -Infinity).buffer, 7);
  const palette = paletteOf(LOSSES, PLAIN, onLight);
  const reds = [...decoded.shades].map((shade) => palette[shade][0]);
  assert.deepEqual([reds[0], reds[2], reds[3], reds[5], reds[6]], [0, 255, -10, 255, 0]);
  assert.ok(Math.abs(reds[1] - 100) <= 1 && Math.abs(reds[4] - 50) <= 1);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map((row) => valueName(LOSSES, decoded, row)), ["2", "3", "4", "no value", "2.5", "∞", "−∞"]);
  assert.deepEqual([...decoded.codes], [0, 0, 0, -1, 0, 0, 0]);
});

test("a date is said as the data have it, whatever the span of the scale", () => {
  const day = (/** @type {string} */ text) => Date.parse(text) / 1000;
  for (const last of ["2024-03-01", "2124-02-29"]) {
    const [low, high] = [day("2024-02-28"), day(last)];
    const days = { ...LOSSES, scale: { low, high, unit: /** @type {const} */ ("day"), colors: [gray(0), gray(255)] } };
    const places = Float32Array.of(0, (day("2024-02-29") - low) / (high - low), 1, NaN);
    const decoded = decodeColoring(days, places.buffer, 4);
    assert.deepEqual([0, 1, 2, 3].map((row) => valueName(days, decoded, row)), ["2024-02-28", "2024-02-29", last, "no value"]);
  }
  for (const [unit, length, seconds] of /** @type {const} */ ([["minute", 60, ""], ["second", 1, ":00"]])) {
    const high = 7200 * length;
    const moments = { ...LOSSES, scale: { low: 0, high, unit, colors: [gray(0), gray(255)] } };
    for (const at of [0, 1, 59, 60, 3601, 7200]) {
      const decoded = decodeColoring(moments, Float32Array.of((at * length) / high).buffer, 1);
      const expected = new Date(1000 * at * length).toISOString().replace("T", " ").slice(0, seconds ? 19 : 16);
      assert.equal(valueName(moments, decoded, 0), expected);
    }
  }
});

/**
 * What is said of each number of a column, whose places come as float32 shares of its range, as Python sends them.
 * @param {number[]} values
 * @returns {string[]}
 */
function said(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const column = { ...LOSSES, scale: { low, high, unit: "number", colors: [gray(0), gray(255)] } };
  const decoded = decodeColoring(column, Float32Array.from(values, (value) => (value / 2 - low / 2) / (high / 2 - low / 2)).buffer, values.length);
  return values.map((_, row) => valueName(column, decoded, row));
}

test("a number is said as it is in the data, not with digits that its place on the scale does not have", () => {
  assert.deepEqual(said([-3, 0, 3.2]), ["-3", "0", "3.2"]);
  assert.deepEqual(said([-1000, 0.1, 0, 1000]), ["-1000", "0.1", "0", "1000"]);
  assert.deepEqual(said([0, 1e-8, 0.05, 1]), ["0", "1e-8", "0.05", "1"]);
  assert.deepEqual(said([-1e308, 0, 1e308]).slice(1, 2), ["0"]);
});

test("integers are said as integers", () => {
  const random = randomNumbers(5);
  for (const width of [7, 300, 20_000, 900_000]) {
    const low = Math.round((random() - 0.7) * width);
    const values = [low, low + width, ...Array.from({ length: 300 }, () => low + Math.round(random() * width))];
    assert.deepEqual(said(values), values.map(figure));
  }
});

test("from the lowest to the highest the colors go one way", () => {
  const palette = paletteOf(LOSSES, PLAIN, onLight).slice(0, 256).map(([red]) => red);
  assert.deepEqual(palette, [...palette].sort((a, b) => a - b));
  assert.deepEqual([palette[0], palette[255]], [0, 255]);
});

test("without a column all rows look the same", () => {
  const decoded = decodeColoring(null, null, 2);
  assert.deepEqual([[...decoded.shades], paletteOf(null, PLAIN, onLight)], [[0, 0], [PLAIN]]);
});

test("numbers of which there are none need no scale", () => {
  const none = { ...LOSSES, scale: null };
  const decoded = decodeColoring(none, Float32Array.of(NaN, Infinity).buffer, 2);
  assert.deepEqual([0, 1].map((row) => valueName(none, decoded, row)), ["no value", "∞"]);
  assert.ok(paletteOf(none, PLAIN, onLight)[decoded.shades[1]]);
});

test("a column of another length is refused", () => {
  assert.throws(() => decodeColoring(WRITERS, Int8Array.of(1, 0).buffer, 3), /expected 3 of 1 bytes, got 2 bytes/);
});

test("numbers have a code, too, so that those without one can be isolated", () => {
  assert.deepEqual([codesIn(WRITERS), codesIn(LOSSES)], [[0, 1, -1], [0, -1]]);
});

test("what is hidden is kept as long as codes mean the same", () => {
  const others = [
    { ...WRITERS, name: "other" },
    { ...WRITERS, entries: WRITERS.entries.slice(0, 2) },
    { ...WRITERS, entries: [entry(0, "b"), entry(1, "a"), entry(-1, "no value")] },
    null,
  ];
  assert.equal(legendKey("digits", { ...WRITERS, revision: "other", entries: WRITERS.entries.map((each) => ({ ...each, count: 5 })) }), legendKey("digits", WRITERS));
  for (const other of others) assert.notEqual(legendKey("digits", other), legendKey("digits", WRITERS));
  assert.notEqual(legendKey("mnist", WRITERS), legendKey("digits", WRITERS));
});
