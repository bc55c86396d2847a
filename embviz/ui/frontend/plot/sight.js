/** The place of every row on the screen right now, and the rows under the pointer or inside an outline. */

import { pick, pickingGrid } from "../maths/picking.js";
import { diameterFor, EMPHASIS, nearness } from "./points.js";
import { rowsInside } from "../maths/polygon.js";
import { screenOf } from "../maths/screen.js";

/** Knows where rows are on the screen; places are computed only when asked for after the view has changed. */
export class Sight {
  /**
   * @param {Pick<import("./plot.js").Plot, "view" | "scene">} plot
   * @param {{coords: Float32Array, dims: number}} points coordinates at which points are drawn right now
   */
  constructor(plot, points) {
    this.plot = plot;
    this.points = points;
    /** @type {import("./paint.js").Paint | null} */
    this.paint = null;
    /** @type {import("../maths/picking.js").Grid | null} */
    this.made = null;
    this.radius = 0;
    /** @type {{paint: import("./paint.js").Paint, rows: Uint32Array} | null} what `#shownRows` found last */
    this.ascending = null;
    /** Factor by which points are drawn larger than usual. */
    this.size = 1;
    /** Pictures in the place of points, as they were drawn last. @type {import("../images/image_points.js").Placed[]} */
    this.pictures = [];
    this.eyeDistance = 0;
    this.frame = { left: 0, top: 0, width: 0, height: 0 };
  }

  /** @param {import("./paint.js").Paint | null} paint says which rows can be pointed at; null if none can */
  show(paint) {
    this.paint = paint;
    this.forget();
  }

  /** Drop all places, because the view has changed or points have moved. */
  forget() {
    this.made = null;
  }

  /** @returns {import("../maths/picking.js").Grid | null} null before the first drawing */
  grid() {
    if (this.made || !this.paint) return this.made;
    const view = this.plot.view();
    if (!view || !this.plot.scene) return null;
    const { coords, dims } = this.points;
    this.eyeDistance = view.eyeDistance;
    this.frame = view.frame;
    this.radius = (diameterFor(coords.length / dims) * this.size) / 2;
    this.made = pickingGrid(screenOf(coords, dims, view.matrix, view), this.plot.scene.svg?.rows ?? this.#shownRows(), view);
    return this.made;
  }

  /** The rows shown, ascending: in the order of drawing a million would take three times as long. */
  #shownRows() {
    const { paint } = this;
    if (!paint) return new Uint32Array(0);
    if (this.ascending?.paint === paint) return this.ascending.rows;
    const rows = new Uint32Array(paint.shown.length);
    for (let row = 0, at = 0; at < rows.length; row++) if (paint.colors[row * 4 + 3]) rows[at++] = row;
    this.ascending = { paint, rows };
    return rows;
  }

  /**
   * The row that a person means when pointing at (x, y), or -1.
   * @param {number} x in CSS pixels from the stage's top left
   * @param {number} y
   * @returns {number}
   */
  rowAt(x, y) {
    const grid = this.grid();
    if (!grid || !isInside(this.frame, x, y)) return -1;
    const { paint } = this;
    const isInFront = (/** @type {number} */ row) => paint?.inFront[row] === 1;
    const radiusOf = (/** @type {number} */ row) =>
      this.radius * nearness(this.eyeDistance, grid.screen.depth[row]) * (paint?.emphasized && isInFront(row) ? EMPHASIS : 1);
    const picture = this.pictures.find((each) => Math.max(Math.abs(each.x - x), Math.abs(each.y - y)) <= each.side / 2);
    return picture?.row ?? pick(grid, x, y, radiusOf, isInFront, this.size > 1 ? 2 : 1);
  }

  /**
   * The rows inside an outline that are in sight; without WebGL2 also rows that are not in the sample drawn.
   * @param {import("../maths/polygon.js").Point[]} outline
   * @returns {number[]}
   */
  rowsInside(outline) {
    const grid = this.grid();
    if (!grid || !this.paint) return [];
    const { x, y } = grid.screen;
    return rowsInside(grid.screen, this.#shownRows(), outline).filter((row) => isInside(this.frame, x[row], y[row]));
  }

  /** @returns {number[]} rows that can be pointed at */
  rowsInSight() {
    const grid = this.grid();
    return grid ? [...grid.rows].filter((row) => isInside(this.frame, grid.screen.x[row], grid.screen.y[row])) : [];
  }

  /** @param {number} row whether it is drawn: its class is not hidden */
  isShown(row) {
    return Boolean(this.paint?.colors[row * 4 + 3]);
  }

  /**
   * The place of one row, computed without that of others; null if the row is not in sight, or its class is hidden.
   * @param {number} row -1 stands for no row
   * @returns {{x: number, y: number} | null}
   */
  placeOf(row) {
    const view = row >= 0 && this.isShown(row) ? this.plot.view() : null;
    if (!view) return null;
    const place = this.#projected(row, view);
    return isInside(view.frame, place.x, place.y) ? place : null;
  }

  /**
   * The places of some rows, computed without those of others, and the frame in which points are drawn.
   * @param {ArrayLike<number>} rows
   * @returns {{screen: import("../maths/screen.js").Screen, frame: import("./plot.js").View["frame"]} | null} in the order of
   *   the rows; null before the first drawing
   */
  placesOf(rows) {
    const view = this.plot.view();
    if (!view) return null;
    const { coords, dims } = this.points;
    const some = new Float32Array(rows.length * dims);
    for (let at = 0; at < some.length; at++) some[at] = coords[rows[Math.floor(at / dims)] * dims + (at % dims)];
    return { screen: screenOf(some, dims, view.matrix, view), frame: view.frame };
  }

  /**
   * The distance at which two rows are drawn, whether both are in sight, and the size of the plot.
   * @param {number} a
   * @param {number} b
   * @returns {{distance: number | null, inSight: boolean, room: {width: number, height: number}}} in CSS pixels;
   *   distance is null before the first drawing, and if a row is behind the eye
   */
  between(a, b) {
    const view = this.plot.view();
    if (!view) return { distance: null, inSight: false, room: this.frame };
    const [from, to] = [this.#projected(a, view), this.#projected(b, view)];
    const inSight = isInside(view.frame, from.x, from.y) && isInside(view.frame, to.x, to.y);
    const distance = Math.hypot(from.x - to.x, from.y - to.y);
    return { distance: Number.isNaN(distance) ? null : distance, inSight, room: view.frame };
  }

  /**
   * The place of one row on the plot, even if it is out of sight; NaN behind the eye.
   * @param {number} row
   * @param {import("./plot.js").View} view
   */
  #projected(row, view) {
    const { coords, dims } = this.points;
    const screen = screenOf(coords.subarray(row * dims, (row + 1) * dims), dims, view.matrix, view);
    return { x: screen.x[0], y: screen.y[0] };
  }
}

/**
 * Whether (x, y) is in the frame in which points are drawn.
 * @param {import("./plot.js").View["frame"]} frame
 * @param {number} x
 * @param {number} y
 */
function isInside({ left, top, width, height }, x, y) {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}
