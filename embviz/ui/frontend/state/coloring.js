/** The coloring of the points: the legend's entry that each row belongs to, and its color. Pure. */

import { figure } from "../texts/counts.js";
import { dateText } from "../texts/dates.js";

/**
 * @typedef {import("./messages.js").ColoringMessage} ColoringMessage
 * @typedef {import("./messages.js").ColorMessage} ColorMessage
 */

/** Colors that a scale is drawn with. */
const SHADES = 256;

/**
 * @typedef {object} Coloring of the rows of one dataset
 * @property {Int8Array} codes entry of the legend, -1 without a value; 0 for any number
 * @property {Uint16Array} shades index of the color in the palette
 * @property {Float32Array | null} places numbers scaled so that the lowest finite one is 0 and the highest 1; null for categories
 */

/**
 * @param {ColoringMessage | null} coloring null: all rows look the same
 * @param {ArrayBuffer | null} buffer bytes at its address
 * @param {number} n rows
 * @returns {Coloring}
 */
export function decodeColoring(coloring, buffer, n) {
  if (!coloring || !buffer) return { codes: new Int8Array(n), shades: new Uint16Array(n), places: null };
  const size = coloring.kind === "categories" ? 1 : 4;
  if (buffer.byteLength !== size * n) throw new Error(`colors: expected ${n} of ${size} bytes, got ${buffer.byteLength} bytes`);
  if (coloring.kind === "categories") {
    const codes = new Int8Array(buffer);
    const missing = coloring.entries.length - 1;
    const shades = new Uint16Array(n);
    for (let row = 0; row < n; row++) shades[row] = codes[row] < 0 ? missing : codes[row];
    return { codes, shades, places: null };
  }
  const places = new Float32Array(buffer);
  const [codes, shades] = [new Int8Array(n), new Uint16Array(n)];
  for (let row = 0; row < n; row++) {
    const place = places[row];
    if (Number.isNaN(place)) [codes[row], shades[row]] = [-1, SHADES];
    else shades[row] = Math.round(clamped(place) * (SHADES - 1));
  }
  return { codes, shades, places };
}

/**
 * What Python sends of a coloring in one answer: the message's length, the message, and what is at its address.
 * @param {ArrayBuffer} buffer
 * @returns {{coloring: ColoringMessage | null, content: ArrayBuffer}} null: all rows look the same
 */
export function decodeColors(buffer) {
  const [length] = new Int32Array(buffer, 0, 1);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  return { coloring: JSON.parse(text), content: buffer.slice(4 + length) };
}

/** @param {number} place infinite numbers have the colors of the ends */
const clamped = (place) => Math.min(1, Math.max(0, place));

/**
 * The colors that `shades` are indices of.
 * @param {ColoringMessage | null} coloring
 * @param {number[]} plain r, g, b where all rows look the same
 * @param {(color: ColorMessage) => number[]} rgbOf r, g, b of a color on this page
 * @returns {number[][]} r, g, b of each
 */
export function paletteOf(coloring, plain, rgbOf) {
  if (!coloring) return [plain];
  const entries = coloring.entries.map(({ color }) => rgbOf(color));
  if (coloring.kind === "categories") return entries;
  const steps = coloring.scale?.colors.map(rgbOf) ?? [plain];
  const shades = Array.from({ length: SHADES }, (_, at) => between(steps, at / (SHADES - 1)));
  return [...shades, ...entries];
}

/**
 * @param {number[][]} steps colors at equal steps
 * @param {number} place from the first, 0, to the last, 1
 */
function between(steps, place) {
  const at = place * (steps.length - 1);
  const low = steps[Math.floor(at)];
  const high = steps[Math.ceil(at)];
  return low.map((channel, axis) => Math.round(channel + (at % 1) * (high[axis] - channel)));
}

/**
 * The category or number that a row is colored by, as text.
 * @param {ColoringMessage} coloring
 * @param {Coloring} decoded
 * @param {number} row
 */
export function valueName({ entries, scale }, { codes, places }, row) {
  const place = places?.[row] ?? NaN;
  if (Number.isNaN(place)) return entries.find(({ code }) => code === codes[row])?.name ?? "";
  return scale && Number.isFinite(place) ? scaleText(valueAt(place, scale), scale) : figure(place);
}

/**
 * A number or a date on a scale, as text.
 * @param {number} value
 * @param {Pick<NonNullable<ColoringMessage["scale"]>, "unit">} scale
 */
export function scaleText(value, { unit }) {
  return unit === "number" ? figure(value) : dateText(value, unit);
}

const PLACE_ERROR = 2 ** -24; // largest error of a place as a share of itself, because it is a float32

/**
 * The number at a place on a scale, rounded to the digits that can be told from a place: what lies below is not of the data.
 * @param {number} place from the lowest number, 0, to the highest, 1
 * @param {{low: number, high: number}} scale
 */
function valueAt(place, { low, high }) {
  if (place === 1) return high;
  const value = low * (1 - place) + high * place;
  const error = high * place * PLACE_ERROR - low * place * PLACE_ERROR; // the whole difference may be too large for a number
  const step = 10 ** Math.ceil(Math.log10(2 * error)); // above twice the error, so that a number of the data in such steps is the nearest
  return step > 0 ? Math.round(value / step) * step + 0 : value; // + 0, or a small negative number would be said as -0
}

/**
 * Codes of all entries of a legend, and of the numbers that have none.
 * @param {ColoringMessage} coloring
 */
export function codesIn({ kind, entries }) {
  const codes = entries.map(({ code }) => code);
  return kind === "values" ? [0, ...codes] : codes;
}

/**
 * A key under which a legend's hidden codes are kept: legends with the same key have the same entries by code.
 * @param {string} source key of the data
 * @param {ColoringMessage | null} coloring
 */
export function legendKey(source, coloring) {
  return JSON.stringify([source, coloring?.name, coloring?.entries.map(({ code, name }) => [code, name])]);
}
