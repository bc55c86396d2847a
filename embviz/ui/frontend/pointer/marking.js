/** The marks of the pinned item, its neighbors and a closest pair over the points, and the view that shows a pair. */

import { enlargement } from "../maths/approach.js";
import { Marks, strengths } from "./marks.js";
import { Ring } from "./rings.js";

/**
 * @typedef {object} Shown what the projector shows
 * @property {import("../state/messages.js").Request} request
 * @property {import("../state/protocol.js").Items} items
 * @property {import("../state/images.js").Images | null} images
 * @property {import("../plot/colors.js").Colors} colors
 * @property {string[] | null} texts that items are labeled with
 * @property {import("../state/theme.js").Theme} theme
 */

/**
 * The rows of the closest pair that is looked at; null if there is none, or its classes are not highlighted. Pure.
 * @param {Pick<Shown, "request" | "items">} shown
 * @param {import("../state/messages.js").FocusMessage} focus
 * @returns {[number, number] | null}
 */
export function pairRows({ request, items }, { pair }) {
  if (!pair) return null;
  const [a, b] = pair.map((id) => items.rowOf.get(id) ?? -1);
  const isHighlighted = (/** @type {number} */ row) => request.highlighted?.includes(items.labels[row]) ?? false;
  return a >= 0 && b >= 0 && isHighlighted(a) && isHighlighted(b) ? [a, b] : null;
}

/**
 * The marks of a row's neighbors. Pure.
 * @param {{ids: number[], distances: number[]}} neighbors nearest first
 * @param {number} middle the row
 * @param {import("../state/protocol.js").Items} items
 * @returns {import("./marks.js").Mark[]} one mark per neighbor that is among the items shown
 */
export function marksOf({ ids, distances }, middle, items) {
  const found = strengths(distances);
  return ids.flatMap((id, at) => {
    const row = items.rowOf.get(id);
    return row === undefined ? [] : [{ row, id, strength: found[at], differs: items.labels[row] !== items.labels[middle] }];
  });
}

export class Marking {
  /**
   * @param {HTMLElement} stage
   * @param {import("../plot/picture.js").Picture} picture
   */
  constructor(stage, picture) {
    this.picture = picture;
    this.marks = new Marks(stage);
    this.pin = new Ring(stage, "pin");
    this.heldRing = new Ring(stage, "held");
    /** Row of the pinned item, or -1. */
    this.pinned = -1;
    /** Row of the item that the pinned one is compared with, or -1. */
    this.held = -1;
    /** @type {[number, number] | null} */
    this.pair = null;
    /** Ids of the items of the pair. @type {number[] | null} */
    this.pairIds = null;
    /** Ids, as text, of the pair that the view was last moved for. */
    this.approached = "";
  }

  /**
   * @param {Shown} shown
   * @param {import("../state/messages.js").FocusMessage} focus
   */
  show(shown, focus) {
    const { items, request, images, theme, colors } = shown;
    const { neighbors } = request;
    this.pinned = items.rowOf.get(focus.pinned ?? -1) ?? -1;
    this.held = items.rowOf.get(request.held ?? -1) ?? -1;
    this.pair = pairRows(shown, focus);
    this.pairIds = this.pair?.map((row) => items.ids[row]) ?? null;
    if (this.pair && this.pairIds) {
      const borders = this.pair.map((row) => colors.of(row));
      const [rows, ids] = [this.pair, this.pairIds];
      const draw = () => this.marks.showPair(rows, ids, borders, (canvas, id) => images?.draw(canvas, id, theme.ink) ?? false);
      draw();
      images?.here(ids).then((isNew) => isNew && rows === this.pair && (draw(), this.place()), console.error);
    } else if (neighbors && this.pinned >= 0 && neighbors.of === focus.pinned) {
      this.marks.showNeighbors(this.pinned, marksOf(neighbors, this.pinned, items));
    } else {
      this.marks.clear();
    }
  }

  /** Move all marks to the places at which their points are drawn right now. */
  place() {
    const placeOf = (/** @type {number} */ row) => this.picture.sight.placeOf(row);
    this.pin.show(placeOf(this.pinned));
    this.heldRing.show(placeOf(this.held));
    this.marks.place(placeOf);
  }

  /**
   * Move the view, once, to a pair that has just been chosen, if its points nearly touch or are out of sight.
   * @param {boolean} leads whether this plot moves by itself; otherwise it follows another one
   */
  async approach(leads) {
    const { pair, picture } = this;
    const chosen = String(this.pairIds);
    if (chosen === this.approached) return;
    this.approached = chosen;
    if (!pair || !leads) return;
    const { coords, dims } = picture.motion;
    const [a, b] = pair.map((row) => coords.subarray(row * dims, (row + 1) * dims));
    const { distance, inSight, room } = picture.sight.between(...pair);
    const factor = enlargement(distance, inSight, room, picture.plot.mostEnlargement());
    if (factor !== null) await picture.plot.zoom(factor, Array.from(a, (at, axis) => (at + b[axis]) / 2));
  }
}
