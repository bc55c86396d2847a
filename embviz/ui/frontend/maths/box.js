/** Layouts whose axes carry no numbers are drawn in a box from -1 to 1, so that nothing but the points moves. Pure. */

import { extents } from "./screen.js";

/** @type {[number, number]} */
export const BOX = [-1, 1];

const CENTERING = 0.1; // share of the way to the middle that the box goes per frame
const SHRINKING = 0.04;

/**
 * Coordinates centered and enlarged or shrunk so that they just fit the box; all axes by the same factor.
 * @param {Float32Array} coords n × dims
 * @param {number} dims
 * @returns {Float32Array}
 */
export function boxed(coords, dims) {
  return new FollowingBox().fit(coords, dims);
}

/** Fits frame after frame of a layout that forms: grows at once where points would leave it, shrinks slowly. */
export class FollowingBox {
  /** @type {number[] | null} */
  #center = null;
  #half = 0;

  /**
   * @param {Float32Array} coords n × dims, the next frame
   * @param {number} dims
   * @returns {Float32Array} the same, in the box
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
