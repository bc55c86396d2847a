/** Movement of points from where they are drawn to where they belong. Pure: the time is given by the caller. */

/**
 * @typedef {object} Placement how coordinates become places on the screen or in a box: each axis times its scale plus its shift
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
 * The share of a way that is covered after a share of the time, for a movement that begins and ends slowly.
 * @param {number} share of the time, 0 to 1
 * @returns {number} share of the way, 0 to 1
 */
export function easeInOut(share) {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/**
 * The coordinates in the new axes at which every item is still where it was drawn before. Items that were not drawn
 * before get their new coordinates.
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

/** The coordinates at which points are drawn right now, while they move or stand still. */
export class Motion {
  /** n × dims, as the points are drawn */
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
   * Put all points at these coordinates at once.
   * @param {Float32Array} coords
   * @param {number} dims
   */
  place(coords, dims) {
    [this.coords, this.dims] = [coords, dims];
    this.#way = null;
    this.#placed = true;
  }

  /**
   * Begin a movement with a slow beginning and end; one that was under way is dropped.
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
   * Move evenly to the next frame of a layout that forms; a glide under way goes on, and ends at that frame.
   * @param {Float32Array} to coordinates of the frame, of as many points as are drawn
   * @param {number} milliseconds until the frame after this one is expected
   */
  follow(to, milliseconds) {
    if (this.#way?.ease === easeInOut) this.#way.to = to;
    else this.#way = { from: this.coords.slice(), to, milliseconds, ease: (share) => share, began: null };
  }

  /**
   * Set `coords` to where the points are now.
   * @param {number} now in milliseconds; a movement begins at the first step after it was asked for
   * @returns {boolean} whether a point may have moved since the step before
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
   * Coordinates between two others, in an array that the next call overwrites.
   * @param {Float32Array} from
   * @param {Float32Array} to
   * @param {number} share of the way, 0 to 1
   */
  #between(from, to, share) {
    if (this.#buffer.length !== to.length) this.#buffer = new Float32Array(to.length);
    const drawn = this.#buffer;
    for (let at = 0; at < to.length; at++) drawn[at] = from[at] + (to[at] - from[at]) * share;
    return drawn;
  }
}
