/** What shows while the pointer is on an item, in the plot or in a gallery: the tooltip, and a ring around its point. */

import { itemName } from "../state/item_names.js";
import { Ring } from "./rings.js";
import { Tooltip } from "./tooltip.js";

/**
 * What the tooltip says of a row.
 * @param {number} row
 * @param {Pick<import("./marking.js").Shown, "items" | "request" | "colors">} shown
 * @returns {import("./tooltip.js").Card}
 */
export function cardOf(row, { items: { ids, labels, predictions }, request: { items: { names, splits } }, colors }) {
  const predicted = predictions[row] < 0 ? "" : `predicted ${names[predictions[row]]}`;
  const facts = [itemName(ids[row], splits), predicted, colors.fact(row)];
  return { id: ids[row], label: names[labels[row]] ?? "", color: colors.of(row), fact: facts.filter(Boolean).join(" · ") };
}

/** Row -1 means that nothing is hovered. */
export class Hover {
  /**
   * @param {HTMLElement} host says the hovered id in `data-hover`
   * @param {HTMLElement} stage
   * @param {import("../plot/sight.js").Sight} sight
   */
  constructor(host, stage, sight) {
    this.host = host;
    this.stage = stage;
    this.sight = sight;
    this.ring = new Ring(stage, "hover");
    this.tooltip = new Tooltip();
    this.row = -1;
    /** Where in the window the tooltip stands beside. */
    this.at = { x: 0, y: 0 };
    this.room = { width: 0, height: 0 };
  }

  /**
   * @param {number} row -1 is none
   * @param {{x: number, y: number}} at in the window
   * @param {import("./marking.js").Shown} shown
   * @param {{width: number, height: number}} [room] of the window that the tooltip may cover
   */
  show(row, at, shown, room = { width: window.innerWidth, height: window.innerHeight }) {
    if (row < 0) return this.leave();
    [this.row, this.at, this.room] = [row, at, room];
    this.tooltip.show(cardOf(row, shown), at, shown.images, shown.theme, room);
    this.host.dataset.hover = String(shown.items.ids[row]);
    this.place();
  }

  /**
   * The item of a card in a gallery is shown at its point, or beside the card where the point is not in sight: never
   * over the gallery.
   * @param {import("./pointing.js").Pointed | null} pointed
   * @param {import("./marking.js").Shown} shown
   */
  showCard(pointed, shown) {
    const row = pointed ? (shown.items.rowOf.get(pointed.id) ?? -1) : -1;
    const place = this.sight.placeOf(row);
    const { left, top, right } = this.stage.getBoundingClientRect();
    const at = place ? { x: place.x + left, y: place.y + top } : { x: pointed?.box.left ?? 0, y: pointed?.box.top ?? 0 };
    this.show(row, at, shown, { width: right, height: window.innerHeight });
  }

  /**
   * Show the same once more: its image has come.
   * @param {import("./marking.js").Shown} shown
   */
  again(shown) {
    this.show(this.row, this.at, shown, this.room);
  }

  /** Put the ring where its point is right now. */
  place() {
    this.ring.show(this.sight.placeOf(this.row));
  }

  leave() {
    this.row = -1;
    this.ring.show(null);
    this.tooltip.hide();
    delete this.host.dataset.hover;
  }

  destroy() {
    this.tooltip.destroy();
  }
}
