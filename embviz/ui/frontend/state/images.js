/** The items' images: fetched in chunks, found by id, drawn as ink on the page. */

import { fetchBytes } from "./arrays.js";
import { decodeImages } from "./protocol.js";

/** @typedef {import("./protocol.js").ImagesAddress} ImagesAddress */

/** @type {Map<string, Images>} */
const loaded = new Map();

/** All mounts on a page share one copy of a dataset's images. */
export class Images {
  /**
   * @param {ImagesAddress} address
   * @param {string} base
   * @returns {Images}
   */
  static at(address, base) {
    let images = loaded.get(address.revision);
    if (!images) {
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
    this.all = this.#fetchAll();
    this.all.catch(() => loaded.delete(address.revision)); // whoever asks next tries again
  }

  async #fetchAll() {
    for (const url of this.address.urls) {
      const buffer = await fetchBytes(new URL(url, this.base));
      for (const [id, pixels] of decodeImages(buffer, this.size)) this.pixels.set(id, pixels);
    }
  }

  /**
   * Draw the image of `id`; gray values become the opacity of the ink, so 0 is the page itself.
   * @param {HTMLCanvasElement} canvas gets the image's own size; enlarge it by CSS
   * @param {number} id
   * @param {number[]} ink r, g, b
   * @returns {boolean} whether the image is here already
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
