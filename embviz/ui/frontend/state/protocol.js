/** Decoders of the bytes that the server sends, and encoding of sets of ids. Pure: no DOM, no Streamlit. */

import { rowIndex } from "../crowd/row_index.js";

/**
 * @typedef {object} Items
 * @property {Int32Array} ids   stable id of each row
 * @property {Int32Array} labels code of each row's label, -1 without one
 * @property {Int32Array} predictions code of the label that the classifier gives, -1 where unknown
 * @property {import("../crowd/row_index.js").RowIndex} rowOf row of each id
 */

/**
 * Decode the items of a view: three int32 columns, one after the other.
 * @param {ArrayBuffer} buffer
 * @returns {Items}
 */
export function decodeItems(buffer) {
  if (buffer.byteLength % 12) throw new Error(`items: ${buffer.byteLength} bytes are not three int32 columns`);
  const n = buffer.byteLength / 12;
  const ids = new Int32Array(buffer, 0, n);
  return { ids, labels: new Int32Array(buffer, 4 * n, n), predictions: new Int32Array(buffer, 8 * n, n), rowOf: rowIndex(ids) };
}

/**
 * Decode coordinates: float32, row after row.
 * @param {ArrayBuffer} buffer
 * @param {number} n expected rows
 * @param {number} dims 2 or 3
 * @returns {Float32Array}
 */
export function decodeCoords(buffer, n, dims) {
  const coords = new Float32Array(buffer);
  if (coords.length !== n * dims) throw new Error(`coordinates: expected ${n} × ${dims}, got ${coords.length} numbers`);
  return coords;
}

/**
 * Decode which items lines join: two int32 for each line, the id of an item and that of the next one.
 * @param {ArrayBuffer} buffer
 * @param {import("../crowd/row_index.js").RowIndex} rowOf row of each id
 * @returns {Uint32Array} the two rows of each line, one line after the other
 */
export function decodeLines(buffer, rowOf) {
  const ids = new Int32Array(buffer);
  const rows = Uint32Array.from(ids, (id) => rowOf.get(id) ?? rowOf.size);
  if (ids.length % 2 || rows.includes(rowOf.size)) throw new Error(`lines: ${ids.length} ids are not pairs of items that are here`);
  return rows;
}

/** States of a run, by the number that stands for each; "over" is when its result can be asked for. */
export const RUN_STATES = ["starting", "running", "paused", "ended", "waiting", "over"];

/**
 * @typedef {object} News news of a run from the server
 * @property {number} serial of the newest frame
 * @property {number} done iterations
 * @property {number} total iterations planned
 * @property {number} code index of the state in `RUN_STATES`
 * @property {string} state
 * @property {number} speed iterations per second, 0 if unknown
 * @property {number | null} divergence latest KL divergence of t-SNE; null if unknown, as for other methods
 * @property {Float32Array | null} coords null where the newest frame is known already
 */

/**
 * Decode news of a run: six numbers, then the coordinates.
 * @param {ArrayBuffer} buffer
 * @param {number} n expected rows
 * @param {number} dims 2 or 3
 * @returns {News}
 */
export function decodeNews(buffer, n, dims) {
  const [serial, done, total, code] = new Int32Array(buffer, 0, 4);
  const [speed, divergence] = new Float32Array(buffer, 16, 2);
  const coords = buffer.byteLength > 24 ? decodeCoords(buffer.slice(24), n, dims) : null;
  return { serial, done, total, code, state: RUN_STATES[code], speed, divergence: Number.isNaN(divergence) ? null : divergence, coords };
}

/**
 * Decode the list of frames that a run keeps: two int32 for each.
 * @param {ArrayBuffer} buffer
 * @returns {{serials: number[], steps: number[]}} serial number of each frame, and the steps done at it
 */
export function decodeFrames(buffer) {
  const numbers = Array.from(new Int32Array(buffer));
  return { serials: numbers.filter((_, at) => at % 2 === 0), steps: numbers.filter((_, at) => at % 2 === 1) };
}

/**
 * Decode some of the images: int32 count, int32 ids, then the pixels of one image after the other.
 * @param {ArrayBuffer} buffer
 * @param {number} size bytes of one image
 * @returns {[number, Uint8Array][]} id and pixels of each
 */
export function decodeImages(buffer, size) {
  const count = new Int32Array(buffer, 0, 1)[0];
  const pixels = new Uint8Array(buffer, 4 + 4 * count);
  if (pixels.length !== count * size) throw new Error(`images: expected ${count} of ${size} bytes, got ${pixels.length} bytes`);
  return Array.from(new Int32Array(buffer, 4, count), (id, at) => [id, pixels.subarray(at * size, (at + 1) * size)]);
}

/**
 * Set of ids as base64 of a bit mask: bit id%8 of byte id>>3, so 50,000 ids of 70,000 are 12 kB.
 * @param {Iterable<number>} ids
 * @param {number} idLimit every id is below this
 * @returns {string}
 */
export function encodeIdSet(ids, idLimit) {
  const bytes = new Uint8Array((idLimit + 7) >> 3);
  for (const id of ids) bytes[id >> 3] |= 1 << (id & 7);
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(text);
}

/**
 * The inverse of `encodeIdSet`.
 * @param {string} base64
 * @returns {Set<number>}
 */
export function decodeIdSet(base64) {
  const ids = new Set();
  const text = atob(base64);
  for (let byte = 0; byte < text.length; byte++) {
    const bits = text.charCodeAt(byte);
    for (let bit = 0; bit < 8; bit++) if (bits & (1 << bit)) ids.add(byte * 8 + bit);
  }
  return ids;
}
