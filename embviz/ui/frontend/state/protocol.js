/** What travels between Python and the page, decoded and encoded. Pure: no DOM, no Streamlit. */

/**
 * What Python asks for: the JSON written by `embviz/ui/component.py`.
 * @typedef {object} Request
 * @property {string} base where all addresses start
 * @property {string} pane key of the pane that it is for
 * @property {string} plotly address of plotly.min.js
 * @property {string} source which data the ids belong to: legend and focus are kept per source
 * @property {boolean} begins whether a run begins when this is drawn
 * @property {boolean} isAtWork whether a run is under way, which may not have a frame yet
 * @property {boolean} isAsked whether this is what the sidebar asks for; if not, it stands for it until that is there
 * @property {{revision: string, url: string, count: number, idLimit: number, splits: [string, number][]}} items splits: name and first id of each, where there are any
 * @property {{revision: string, url: string | null, dims: number, axes: string[], scaled: boolean}} coords url: null while they form; axes: titles, none where axes mean nothing
 * @property {{url: string, place: string, unit: string, more: number} | null} run in which the coordinates form, or have formed; place: what zoom is kept under, also when it goes on later; unit: what its steps are called; more: how many of them one press adds, 0 where it can no longer go on
 * @property {import("./images.js").ImagesAddress | null} images
 * @property {{name: string, count: number, color: {light: string, dark: string}}[]} classes color: on a light page and on a dark one
 * @property {number[] | null} highlighted class codes
 * @property {{of: number, ids: number[], distances: number[]} | null} neighbors of the pinned item, nearest first
 * @property {Focus} focus
 */

/**
 * What is pinned and selected. Both sides may change it; the higher serial is the newer one.
 * @typedef {object} Focus
 * @property {string} source
 * @property {number} serial
 * @property {number | null} pinned id
 * @property {string | null} selected base64 id set
 * @property {[number, number] | null} pair ids of a closest pair that is looked at
 */

/**
 * @typedef {object} Items
 * @property {Int32Array} ids   stable id of each row
 * @property {Int32Array} codes class code of each row, -1 without label
 * @property {Int32Array} predictions class code the classifier gives, -1 where unknown
 * @property {Map<number, number>} rowOf row of each id
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
  const rowOf = new Map();
  ids.forEach((id, row) => rowOf.set(id, row));
  return { ids, codes: new Int32Array(buffer, 4 * n, n), predictions: new Int32Array(buffer, 8 * n, n), rowOf };
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

/** Where a run may be, by the number that stands for it; "over" is when its result can be asked for. */
export const RUN_STATES = ["starting", "running", "paused", "ended", "waiting", "over"];

/**
 * @typedef {object} News what the server says of a run
 * @property {number} serial of the newest frame
 * @property {number} done iterations
 * @property {number} total iterations planned
 * @property {number} code place of the state in `RUN_STATES`
 * @property {string} state
 * @property {number} speed iterations per second, 0 if unknown
 * @property {number | null} divergence of t-SNE, lately
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

/**
 * Seeded permutation of 0..n-1, so that no class is drawn on top of the others.
 * @param {number} n
 * @param {number} [seed]
 * @returns {Uint32Array}
 */
export function shuffledRows(n, seed = 1) {
  const rows = Uint32Array.from({ length: n }, (_, row) => row);
  let state = seed >>> 0 || 1;
  for (let left = n - 1; left > 0; left--) {
    state ^= state << 13; // xorshift32 (Marsaglia, 2003)
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (left + 1);
    [rows[left], rows[other]] = [rows[other], rows[left]];
  }
  return rows;
}
