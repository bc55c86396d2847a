/** How points go from where they are drawn to where they belong. Pure: told what time it is. */

/**
 * @typedef {object} Placement how coordinates become places: each axis times its scale plus its shift
 * @property {number[]} scale
 * @property {number[]} shift
 */

/**
 * @typedef {object} Drawing points and the axes they are drawn in
 * @property {import("../state/protocol.js").Items} items
 * @property {Float32Array} coords n × axes
 * @property {Placement} placement
 */

/**
 * Slow, fast, slow.
 * @param {number} share of the time, 0 to 1
 * @returns {number} share of the way
 */
export function easeInOut(share) {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/**
 * Coordinates in the new axes at which everything is still where it was drawn before. Items that were not drawn
 * are at their new place.
 * @param {Drawing} before
 * @param {Drawing} after with as many axes
 * @returns {Float32Array}
 */
export function startOf(before, after) {
  const dims = after.placement.scale.length;
  const factor = after.placement.scale.map((scale, axis) => before.placement.scale[axis] / scale);
  const offset = after.placement.scale.map(
    (scale, axis) => (before.placement.shift[axis] - after.placement.shift[axis]) / scale,
  );
  const start = after.coords.slice();
  after.items.ids.forEach((id, row) => {
    const old = before.items === after.items ? row : before.items.rowOf.get(id);
    if (old === undefined) return;
    for (let axis = 0; axis < dims; axis++) {
      start[row * dims + axis] = before.coords[old * dims + axis] * factor[axis] + offset[axis];
    }
  });
  return start;
}

/** Where the points are right now. */
export class Motion {
  /** n × dims, as drawn */
  /** @type {Float32Array} */
  coords = new Float32Array(0);
  dims = 2;
  /** @type {{from: Float32Array, to: Float32Array, milliseconds: number, ease: (share: number) => number, began: number | null} | null} */
  #way = null;
  #buffer = new Float32Array(0);
  #placed = false;

  get isMoving() {
    return this.#way !== null;
  }

  /**
   * Put all points where they belong at once.
   * @param {Float32Array} coords
   * @param {number} dims
   */
  place(coords, dims) {
    [this.coords, this.dims] = [coords, dims];
    this.#way = null;
    this.#placed = true;
  }

  /**
   * Begin to go, slowly at both ends; what was under way is forgotten.
   * @param {Float32Array} from
   * @param {Float32Array} to
   * @param {number} dims
   * @param {number} milliseconds
   */
  glide(from, to, dims, milliseconds) {
    this.place(from, dims);
    this.#way = { from, to, milliseconds, ease: easeInOut, began: null };
  }

  /**
   * Go on to the next frame of something that moves: evenly, or at the end of the glide under way.
   * @param {Float32Array} to as many points as are drawn
   * @param {number} milliseconds until the frame after it is expected
   */
  follow(to, milliseconds) {
    if (this.#way?.ease === easeInOut) this.#way.to = to;
    else this.#way = { from: this.coords.slice(), to, milliseconds, ease: (share) => share, began: null };
  }

  /**
   * @param {number} now in milliseconds; the first step after a start is its beginning
   * @returns {boolean} whether anything has moved since the step before
   */
  step(now) {
    const way = this.#way;
    const moved = this.#placed || way !== null;
    this.#placed = false;
    if (!way) return moved;
    way.began ??= now;
    const share = way.milliseconds > 0 ? (now - way.began) / way.milliseconds : 1;
    if (share < 1) {
      this.coords = this.#between(way.from, way.to, way.ease(Math.max(0, share)));
    } else {
      this.coords = way.to;
      this.#way = null;
    }
    return moved;
  }

  /**
   * @param {Float32Array} from
   * @param {Float32Array} to
   * @param {number} share
   */
  #between(from, to, share) {
    if (this.#buffer.length !== to.length) this.#buffer = new Float32Array(to.length);
    const drawn = this.#buffer;
    for (let at = 0; at < to.length; at++) drawn[at] = from[at] + (to[at] - from[at]) * share;
    return drawn;
  }
}
