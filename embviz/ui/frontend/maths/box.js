/** Layouts whose axes show no numbers, fitted into a box from -1 to 1, so that axes stay while points move. Pure. */

import { extents } from "./screen.js";

/** @type {[number, number]} */
export const BOX = [-1, 1];

const CENTERING = 0.1; // share of the way to the middle of the points that the box's center goes per frame
const SHRINKING = 0.04; // share of the difference to the size needed by which a larger box shrinks per frame

/**
 * Coordinates centered and scaled, all axes by the same factor, so that they just fit the box.
 * @param {Float32Array} coords n × dims
 * @param {number} dims
 * @returns {Float32Array}
 */
export function boxed(coords, dims) {
  return new FollowingBox().fit(coords, dims);
}

/**
 * Coordinates scaled to a given box; some may lie outside of it.
 * @param {Float32Array} coords n × dims
 * @param {number} dims
 * @param {number[]} box its center, and half of its side
 * @returns {Float32Array}
 */
export function boxedIn(coords, dims, box) {
  const half = box[dims] || 1;
  return coords.map((at, index) => (at - box[index % dims]) / half);
}

/** A box for the frames of a layout that forms: it grows at once when points would leave it, and shrinks slowly. */
export class FollowingBox {
  /** @type {number[] | null} */
  #center = null;
  #half = 0;

  /**
   * @param {Float32Array} coords n × dims, the next frame
   * @param {number} dims
   * @returns {Float32Array} the coordinates scaled into the box
   */
  fit(coords, dims) {
    const ranges = extents(coords, dims);
    const middle = ranges.map(([low, high]) => (low + high) / 2);
    const before = this.#center;
    const center = before ? before.map((at, axis) => at + CENTERING * (middle[axis] - at)) : middle;
    const needed = Math.max(...ranges.map(([low, high], axis) => Math.max(high - center[axis], center[axis] - low)));
    this.#half = before ? Math.max(needed, this.#half + SHRINKING * (needed - this.#half)) : needed;
    this.#center = center;
    const scale = 1 / (this.#half || 1);
    const fitted = new Float32Array(coords.length);
    for (let at = 0; at < coords.length; at++) fitted[at] = (coords[at] - center[at % dims]) * scale;
    return fitted;
  }
}
