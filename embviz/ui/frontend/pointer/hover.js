/** The tooltip of an item, and the ring around its point, shown while the pointer is on it in the plot or a gallery. */

import { itemName } from "../texts/item_names.js";
import { Ring } from "./rings.js";
import { Tooltip } from "./tooltip.js";

const REST = 60; // milliseconds on an item after which its image is fetched, where images are not here yet

/**
 * The content of the tooltip of a row. Pure.
 * @param {number} row
 * @param {Pick<import("./marking.js").Shown, "items" | "request" | "colors" | "texts">} shown
 * @returns {import("./tooltip.js").Card}
 */
export function cardOf(row, { items: { ids, labels, predictions }, request: { items: { names, splits }, labels: by }, colors, texts }) {
  const predicted = predictions[row] < 0 ? "" : `predicted ${names[predictions[row]]}`;
  const told = by && texts?.[row] && by.name !== "class" ? `${by.name}: ${texts[row]}` : "";
  const facts = [itemName(ids[row], splits), predicted, colors.fact(row), told];
  return { id: ids[row], label: names[labels[row]] ?? "", color: colors.of(row), fact: facts.filter(Boolean).join(" · ") };
}

/** Shows tooltip and ring of the hovered row; row -1 means that nothing is hovered. */
export class Hover {
  /**
   * @param {HTMLElement} host gets the id of the hovered item as `data-hover`
   * @param {HTMLElement} stage
   * @param {import("../plot/sight.js").Sight} sight
   */
  constructor(host, stage, sight) {
    this.host = host;
    this.stage = stage;
    this.sight = sight;
    this.ring = new Ring(stage, "hover");
    /** Ring around the item that is pointed at in a linked pane. */
    this.echoRing = new Ring(stage, "echo");
    this.echoed = -1;
    /** @type {(id: number | null) => void} called with the id of the item that is hovered here; null: none any more */
    this.onShown = () => {};
    /** @type {(error: Error) => void} called when an image cannot be fetched */
    this.onError = console.error;
    this.tooltip = new Tooltip();
    this.row = -1;
    this.timer = 0;
    /** The place in the window beside which the tooltip is shown. */
    this.at = { x: 0, y: 0 };
    this.room = { width: 0, height: 0 };
  }

  /**
   * Show the tooltip and the ring of a row.
   * @param {number} row -1 hides both
   * @param {{x: number, y: number}} at place in the window beside which the tooltip is shown
   * @param {import("./marking.js").Shown} shown
   * @param {{width: number, height: number}} [room] part of the window, from its top left, that the tooltip may cover
   */
  show(row, at, shown, room = { width: window.innerWidth, height: window.innerHeight }) {
    if (row < 0) return this.leave();
    [this.row, this.at, this.room] = [row, at, room];
    this.tooltip.show(cardOf(row, shown), at, shown.images, shown.theme, room);
    this.host.dataset.hover = String(shown.items.ids[row]);
    this.onShown(shown.items.ids[row]);
    this.place();
    if (shown.images?.address.firsts) this.#fetchSoon(shown, shown.images);
  }

  /**
   * Have the image of the item here if the pointer rests on it, and show it then.
   * @param {import("./marking.js").Shown} shown
   * @param {import("../state/images.js").Images} images
   */
  #fetchSoon(shown, images) {
    const { row } = this;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (row !== this.row) return;
      images.here([shown.items.ids[row]]).then((isNew) => isNew && row === this.row && this.again(shown), this.onError);
    }, REST);
  }

  /**
   * Ring an item that is pointed at in a linked pane, which shows the tooltip.
   * @param {number} row -1 hides it
   * @param {Pick<import("./marking.js").Shown, "items">} shown
   */
  echo(row, { items }) {
    this.echoed = row;
    if (row < 0) delete this.host.dataset.echo;
    else this.host.dataset.echo = String(items.ids[row]);
    this.place();
  }

  /**
   * Show the item of a card in a gallery: at its point, or beside the card if the point is not in sight. The tooltip
   * never covers the gallery.
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
   * Show the same tooltip once more, because its image has arrived.
   * @param {import("./marking.js").Shown} shown
   */
  again(shown) {
    this.show(this.row, this.at, shown, this.room);
  }

  /** Move the ring to the place at which its point is drawn right now. */
  place() {
    this.ring.show(this.sight.placeOf(this.row));
    this.echoRing.show(this.sight.placeOf(this.echoed));
  }

  leave() {
    if (this.row >= 0) this.onShown(null);
    this.row = -1;
    this.ring.show(null);
    this.tooltip.hide();
    delete this.host.dataset.hover;
  }

  destroy() {
    clearTimeout(this.timer);
    this.tooltip.destroy();
  }
}
