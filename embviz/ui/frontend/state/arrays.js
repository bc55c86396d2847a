/** The arrays that a request names, fetched once per revision and decoded; items and coordinates always fit together. */

import { boxed, boxedIn } from "../maths/box.js";
import { decodeColoring } from "./coloring.js";
import { decodeTexts } from "./labels.js";
import { decodeCoords, decodeItems, decodeLines } from "./protocol.js";
import { shuffledRows } from "../maths/shuffled.js";

/**
 * @typedef {object} Arrays rows that belong together
 * @property {import("./protocol.js").Items} items
 * @property {Uint32Array} order rows in drawing order
 * @property {Float32Array | null} coords coordinates as they are drawn; null while the layout forms
 * @property {import("./coloring.js").Coloring} coloring
 * @property {string[] | null} texts that items are labeled with
 * @property {Uint32Array} lines the two rows that each line joins
 */

/** Colorings kept; each takes at most 10 bytes for an item. */
const KEPT_COLORINGS = 6;

export class ArrayLoader {
  /** @type {{items: string, coords: string, coloring: string | undefined, labels: string | undefined, lines: string | undefined} | null} */
  #revisions = null;
  /** @type {Arrays | null} */
  #arrays = null;
  /** Colorings of the items by revision, the newest last, so that colors chosen before come back at once. @type {Map<string, import("./coloring.js").Coloring>} */
  #colorings = new Map();

  /**
   * The arrays of a request; a part whose revision is the same as before is not fetched again.
   * @param {import("./messages.js").Request} request
   * @returns {Promise<Arrays>}
   */
  async load(request) {
    const { items, coords, coloring, labels, lines, base } = request;
    const [before, known] = [this.#arrays, this.#revisions];
    const sameItems = before && known?.items === items.revision;
    const sameCoords = before && known?.coords === coords.revision;
    const sameColoring = sameItems && known?.coloring === coloring?.revision;
    const sameLabels = sameItems && known?.labels === labels?.revision;
    const sameLines = sameItems && known?.lines === lines?.revision;
    if (!sameItems) this.#colorings.clear();
    const [newItems, newCoords, newColoring, texts, joined] = await Promise.all([
      sameItems ? before.items : fetchBytes(new URL(items.url, base)).then(decodeItems),
      sameCoords ? before.coords : coords.url === null ? null : drawnCoords(new URL(coords.url, base), items.count, coords),
      sameColoring ? before.coloring : this.#coloring(request),
      sameLabels ? before.texts : labels && fetchBytes(new URL(labels.url, base)).then((body) => decodeTexts(body, items.count)),
      sameLines || !lines ? null : fetchBytes(new URL(lines.url, base)),
    ]);
    const order = sameItems ? before.order : shuffledRows(items.count);
    const newLines = sameLines ? before.lines : decodeLines(joined ?? new ArrayBuffer(0), newItems.rowOf);
    this.#revisions = {
      items: items.revision,
      coords: coords.revision,
      coloring: coloring?.revision,
      labels: labels?.revision,
      lines: lines?.revision,
    };
    this.#arrays = { items: newItems, order, coords: newCoords, coloring: newColoring, texts, lines: newLines };
    return this.#arrays;
  }

  /**
   * Keep a coloring that has been fetched otherwise, so that a request for it need not fetch it.
   * @param {import("./messages.js").Request} request for the same items
   * @param {import("./messages.js").ColoringMessage} coloring
   * @param {ArrayBuffer} content what is at its address
   */
  keepColoring({ items }, coloring, content) {
    this.#kept(coloring.revision, this.#colorings.get(coloring.revision) ?? decodeColoring(coloring, content, items.count));
  }

  /** @param {import("./messages.js").Request} request */
  async #coloring({ coloring, items, base }) {
    if (!coloring) return decodeColoring(null, null, items.count);
    const { revision, url } = coloring;
    return this.#kept(revision, this.#colorings.get(revision) ?? decodeColoring(coloring, await fetchBytes(new URL(url, base)), items.count));
  }

  /**
   * @param {string} revision
   * @param {import("./coloring.js").Coloring} coloring
   */
  #kept(revision, coloring) {
    this.#colorings.delete(revision);
    this.#colorings.set(revision, coloring);
    if (this.#colorings.size > KEPT_COLORINGS) this.#colorings.delete([...this.#colorings.keys()][0]);
    return coloring;
  }
}

/**
 * The coordinates at an address, as they are drawn: scaled into a box if the axes show no numbers.
 * @param {URL} url
 * @param {number} count number of items
 * @param {{dims: number, scaled: boolean, box?: number[] | null}} layout
 * @param {number[]} [again] see `fetchBytes`
 */
export async function drawnCoords(url, count, { dims, scaled, box }, again) {
  const coords = decodeCoords(await fetchBytes(url, again), count, dims);
  if (scaled) return coords;
  return box ? boxedIn(coords, dims, box) : boxed(coords, dims);
}

/** Milliseconds to wait before each further request for data that the server does not know. */
const AGAIN = [500, 2000, 6000];

/**
 * The bytes at an address. If the laptop was closed for long, for example, the server has dropped the page's data; it
 * puts them at the same address again when the page has reconnected, which may take a moment.
 * @param {URL} url
 * @param {number[]} again waits as in `AGAIN`; empty for data that cannot come back
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchBytes(url, again = AGAIN) {
  for (const milliseconds of again) {
    const response = await fetch(url);
    if (response.status !== 404) return bytesOf(response);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
  return bytesOf(await fetch(url));
}

/**
 * The bytes of a response; an error if it is not one of ours.
 * @param {Response} response
 */
async function bytesOf(response) {
  // Streamlit answers an unknown address with its own page, so the media type is checked too.
  if (!response.ok || response.headers.get("content-type") !== "application/octet-stream") {
    throw new Error(response.ok ? "the server does not know this data; reload the page" : await response.text());
  }
  return response.arrayBuffer();
}
