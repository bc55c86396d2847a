/** The images of items: fetched in chunks, found by id, and drawn in the text color of the page. */

import { fetchBytes } from "./arrays.js";
import { decodeImages } from "./protocol.js";

/** @typedef {import("./messages.js").ImagesAddress} ImagesAddress */

/** @type {Map<string, Images>} */
const loaded = new Map();

const MOST_PARTS = 200; // parts that are kept of those fetched when an image was asked for

const ONLY_FIRST = [224, 123, 0]; // orange, as the border of neighbors with another label
const ONLY_SECOND = [47, 111, 219]; // blue, as what is chosen

/**
 * The pixels that show how two images differ. Pure.
 * @param {Uint8Array} first
 * @param {Uint8Array} second
 * @param {number} channels 1 or 3
 * @returns {Uint8ClampedArray} red, green, blue, opacity of each pixel
 */
export function differenceOf(first, second, channels) {
  const n = first.length / channels;
  const drawn = new Uint8ClampedArray(n * 4);
  for (let at = 0; at < n; at++) {
    if (channels === 1) {
      const step = second[at] - first[at];
      drawn.set(step < 0 ? ONLY_FIRST : ONLY_SECOND, at * 4);
      drawn[at * 4 + 3] = Math.abs(step);
    } else {
      for (let channel = 0; channel < 3; channel++) {
        drawn[at * 4 + channel] = 128 + (second[at * 3 + channel] - first[at * 3 + channel]) / 2;
      }
      drawn[at * 4 + 3] = 255;
    }
  }
  return drawn;
}

/**
 * The part that has the image of an item. Pure.
 * @param {number[]} firsts lowest id of each part, ascending
 * @param {number} id
 */
export function partOf(firsts, id) {
  let [low, high] = [0, firsts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firsts[middle] <= id) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The images of a dataset, of which all plots and galleries of a page share one copy. */
export class Images {
  /**
   * The images of a dataset, whose fingerprint the address has; those of the last three datasets are kept, and what is
   * not here yet comes from the address given last, because a server that was started again has it at another one.
   * @param {ImagesAddress} address
   * @param {string} base
   * @returns {Images}
   */
  static at(address, base) {
    let images = loaded.get(address.revision);
    if (images) {
      [images.address, images.base] = [address, base];
    } else {
      images = new Images(address, base);
      loaded.set(address.revision, images);
      while (loaded.size > 3) loaded.delete(/** @type {string} */ (loaded.keys().next().value));
    }
    return images;
  }

  /**
   * @param {ImagesAddress} address
   * @param {string} base
   */
  constructor(address, base) {
    this.address = address;
    this.base = base;
    this.size = address.height * address.width * address.channels;
    /** @type {Map<number, Uint8Array>} pixels of each id */
    this.pixels = new Map();
    /** Parts that have been asked for by their images, the last one at the end. @type {Map<number, Promise<number[]>>} */
    this.parts = new Map();
    /** Fulfilled when nothing is left to be fetched that nobody has asked for. */
    this.all = address.firsts ? Promise.resolve() : this.#fetchAll();
    this.all.catch(() => loaded.delete(address.revision)); // so that the next call of `at` fetches them again
  }

  async #fetchAll() {
    for (let part = 0; part < this.address.urls.length; part++) await this.#fetchPart(part);
  }

  /**
   * @param {number} part
   * @returns {Promise<number[]>} ids of its images
   */
  async #fetchPart(part) {
    const buffer = await fetchBytes(new URL(this.address.urls[part], this.base));
    const images = decodeImages(buffer, this.size);
    for (const [id, pixels] of images) this.pixels.set(id, pixels);
    return images.map(([id]) => id);
  }

  /**
   * Have the images of some items here, and fetch the parts that they are in if need be.
   * @param {Iterable<number>} ids
   * @returns {Promise<boolean>} whether any had to be waited for
   */
  async here(ids) {
    const { firsts } = this.address;
    const missing = [...ids].filter((id) => !this.pixels.has(id));
    if (!missing.length) return false;
    if (!firsts) await this.all;
    else await Promise.all([...new Set(missing.map((id) => partOf(firsts, id)))].map((part) => this.#asked(part)));
    return true;
  }

  /** @param {number} part that is fetched unless it is under way already */
  #asked(part) {
    const under = this.parts.get(part);
    if (under) return under;
    const fetched = this.#fetchPart(part);
    this.parts.set(part, fetched);
    fetched.catch(() => this.parts.delete(part));
    if (this.parts.size > MOST_PARTS) this.#drop();
    return fetched;
  }

  /** Forget the part that was asked for first. */
  #drop() {
    const [oldest, fetched] = /** @type {[number, Promise<number[]>]} */ (this.parts.entries().next().value);
    this.parts.delete(oldest);
    fetched.then((ids) => ids.forEach((id) => this.pixels.delete(id)), () => {}); // whoever asked has been told of an error
  }

  /**
   * Draw how two images differ: orange where the first is brighter, blue where the other is. Of images in color each
   * channel is shown: gray where both are the same.
   * @param {HTMLCanvasElement} canvas
   * @param {number} id
   * @param {number} other
   * @returns {boolean} whether both images have arrived and the difference was drawn
   */
  drawDifference(canvas, id, other) {
    const [first, second] = [this.pixels.get(id), this.pixels.get(other)];
    if (!first || !second) return false;
    const { height, width, channels } = this.address;
    [canvas.width, canvas.height] = [width, height];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = context.createImageData(width, height);
    image.data.set(differenceOf(first, second, channels));
    context.putImageData(image, 0, 0);
    return true;
  }

  /**
   * Draw the image of an item; gray values become the opacity of the ink, so that 0 shows the page itself.
   * @param {HTMLCanvasElement} canvas gets the image's size in pixels, and is enlarged by CSS
   * @param {number} id
   * @param {number[]} ink r, g, b
   * @returns {boolean} whether the image has arrived and was drawn
   */
  draw(canvas, id, ink) {
    const pixels = this.pixels.get(id);
    if (!pixels) return false;
    const { height, width, channels } = this.address;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = context.createImageData(width, height);
    for (let at = 0; at < width * height; at++) {
      const source = channels === 3 ? pixels.subarray(at * 3, at * 3 + 3) : ink;
      image.data.set(source, at * 4);
      image.data[at * 4 + 3] = channels === 3 ? 255 : pixels[at];
    }
    context.putImageData(image, 0, 0);
    canvas.dataset.id = String(id);
    return true;
  }
}
