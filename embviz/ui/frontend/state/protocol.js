/** What travels between Python and the page, decoded and encoded. Pure: no DOM, no Streamlit. */

// ---- Messages: `messages.py` and `layer_messages.py` in `embviz/ui/contract/` have the same, and say what their fields mean.
// A test compares the two sides.

/**
 * @typedef {object} ProjectorRequest
 * @property {string} pane
 * @property {string} plotly
 * @property {string} source
 * @property {boolean} begins
 * @property {boolean} isAtWork
 * @property {boolean} isAsked
 * @property {string} address
 * @property {ItemsAddress} items
 * @property {CoordsAddress} coords
 * @property {RunMessage | null} run
 * @property {ImagesAddress | null} images
 * @property {ColoringMessage | null} coloring
 * @property {number[] | null} highlighted
 * @property {LabelsMessage | null} labels
 * @property {NeighborsMessage | null} neighbors
 * @property {FocusMessage} focus
 * @property {number | null} held
 * @property {"focus" | "views" | null} link
 */

/**
 * @typedef {object} ItemsAddress
 * @property {string} revision
 * @property {string} url
 * @property {number} count
 * @property {number} idLimit
 * @property {[string, number][]} splits
 * @property {string[]} names
 */

/**
 * @typedef {object} CoordsAddress
 * @property {string} revision
 * @property {string | null} url
 * @property {number} dims
 * @property {string[]} axes
 * @property {boolean} scaled
 * @property {number[] | null} box
 */

/**
 * @typedef {object} ImagesAddress
 * @property {string} revision
 * @property {string[]} urls
 * @property {number} height
 * @property {number} width
 * @property {number} channels
 */

/**
 * @typedef {object} RunMessage
 * @property {string} url
 * @property {string} place
 * @property {string} unit
 * @property {number} more
 */

/**
 * @typedef {object} ColoringMessage
 * @property {string} name
 * @property {"categories" | "values"} kind
 * @property {boolean} isTold
 * @property {string} revision
 * @property {string} url
 * @property {LegendEntry[]} entries
 * @property {ScaleMessage | null} scale
 */

/**
 * @typedef {object} LegendEntry
 * @property {number} code
 * @property {string} name
 * @property {number} count
 * @property {ColorMessage} color
 */

/**
 * @typedef {object} ScaleMessage
 * @property {number} low
 * @property {number} high
 * @property {ColorMessage[]} colors
 */

/**
 * @typedef {object} ColorMessage
 * @property {string} light
 * @property {string} dark
 */

/**
 * @typedef {object} LabelsMessage
 * @property {string} name
 * @property {string} revision
 * @property {string} url
 */

/**
 * @typedef {object} NeighborsMessage
 * @property {number} of
 * @property {number[]} ids
 * @property {number[]} distances
 */

/**
 * @typedef {object} FocusMessage
 * @property {string} source
 * @property {number} serial
 * @property {number | null} pinned
 * @property {string | null} selected
 * @property {[number, number] | null} pair
 */

/**
 * @typedef {object} GalleryRequest
 * @property {string} pane
 * @property {ImagesAddress | null} images
 * @property {GalleryCard[]} cards
 * @property {number[] | null} bars
 * @property {boolean} isDifference
 * @property {number} imageSize
 * @property {number} columns
 * @property {number} cardHeight
 */

/**
 * @typedef {object} GalleryCard
 * @property {number[]} ids
 * @property {string} name
 * @property {string} title
 * @property {string} caption
 * @property {boolean} differs
 */

/**
 * @typedef {object} HeatmapWords
 * @property {string} between
 * @property {string} unit
 * @property {string} least
 * @property {string} most
 */

/**
 * @typedef {object} HeatmapRequest
 * @property {string[]} names
 * @property {(number | null)[][]} values
 * @property {(number | null)[][]} lows
 * @property {(number | null)[][]} highs
 * @property {(number | null)[][]} most
 * @property {[number, number]} pair
 * @property {HeatmapWords} words
 * @property {number[][]} ranks
 * @property {number[][]} alike
 */

/**
 * @typedef {object} MapsRequest
 * @property {string} pane
 * @property {MapMessage[]} maps
 * @property {string} items
 * @property {number} count
 * @property {ColorMessage[]} colors
 * @property {number | null} pinned
 */

/**
 * @typedef {object} MapMessage
 * @property {string} title
 * @property {string} url
 */

/**
 * @typedef {object} AxisRequest
 * @property {string} pane
 * @property {string[]} names
 * @property {ColorMessage[]} colors
 * @property {number} count
 * @property {string} scores
 * @property {string} sides
 * @property {MarkMessage[]} marks
 * @property {WeightsAddress | null} weights
 */

/**
 * @typedef {object} MarkMessage
 * @property {number} id
 * @property {string} name
 * @property {number} score
 * @property {number} side
 */

/**
 * @typedef {object} WeightsAddress
 * @property {string} url
 * @property {number} height
 * @property {number} width
 * @property {number} channels
 */

/**
 * @typedef {object} ProjectorAnswers
 * @property {FocusMessage} focus
 * @property {true} more
 * @property {true} begin
 * @property {true} over
 */

/**
 * @typedef {object} GalleryAnswers
 * @property {number[]} picked
 */

/**
 * @typedef {object} HeatmapAnswers
 * @property {[number, number]} pair
 */

/**
 * @typedef {object} MapsAnswers
 * @property {number[]} picked
 */

/**
 * @typedef {object} AxisAnswers
 * @property {number[]} picked
 */

/**
 * Says one of the answers to Python.
 * @template Answers
 * @typedef {<Name extends keyof Answers>(name: Name, value: Answers[Name]) => void} Tell
 */

// ---- What the page makes of them

/** @typedef {ProjectorRequest & {base: string}} Request base: where all addresses start */

/**
 * @typedef {object} Items
 * @property {Int32Array} ids   stable id of each row
 * @property {Int32Array} labels code of each row's label, -1 without one
 * @property {Int32Array} predictions code of the label that the classifier gives, -1 where unknown
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
  return { ids, labels: new Int32Array(buffer, 4 * n, n), predictions: new Int32Array(buffer, 8 * n, n), rowOf };
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
