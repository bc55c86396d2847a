/** Labels beside the points of the pinned and the selected items, as many as there is room for. */

import { rowsWithRoom } from "../images/room.js";

const MOST_LABELS = 80; // more would not be read
const HEIGHT = 16; // of one label in CSS pixels, as in style.css
const CHARACTER = 6.5; // average width of a character

export class Labels {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.root = document.createElement("div");
    this.root.className = "embviz-labels";
    this.root.setAttribute("aria-hidden", "true");
    stage.append(this.root);
    /** @type {string[] | null} of all rows */
    this.texts = null;
    /** @type {number[]} the most important first */
    this.rows = [];
    /** @type {ArrayLike<number>} */
    this.ids = [];
  }

  /**
   * @param {string[] | null} texts of all rows; null draws no labels
   * @param {number[]} rows whose labels are drawn, the most important first
   * @param {ArrayLike<number>} ids of all rows
   */
  show(texts, rows, ids) {
    this.ids = ids;
    this.texts = texts;
    this.rows = texts ? rows.filter((row) => texts[row]) : [];
  }

  /**
   * Move the labels to where their points are drawn right now.
   * @param {import("../plot/sight.js").Sight} sight
   */
  place(sight) {
    const { texts, root } = this;
    const rows = this.rows.filter((row) => sight.isShown(row));
    const places = rows.length && texts ? sight.placesOf(rows) : null;
    const drawn = places && texts ? rowsWithRoom(places.screen, [...rows.keys()], sizeOf(rows.map((row) => texts[row])), places.frame, MOST_LABELS) : [];
    while (root.childElementCount > drawn.length) root.lastElementChild?.remove();
    while (root.childElementCount < drawn.length) root.append(document.createElement("span"));
    drawn.forEach((place, at) => {
      const span = /** @type {HTMLElement} */ (root.children[at]);
      const row = rows[place];
      const text = texts?.[row] ?? "";
      if (span.textContent !== text) span.textContent = text;
      span.dataset.id = String(this.ids[row]);
      if (places) span.style.transform = `translate(${places.screen.x[place]}px, ${places.screen.y[place]}px)`;
    });
  }
}

/** @param {string[]} texts */
function sizeOf(texts) {
  return (/** @type {number} */ at) => ({ width: texts[at].length * CHARACTER + 8, height: HEIGHT });
}
