/** What shows while the pointer is on an item: the tooltip, and a ring around its point. */

import { Ring } from "./rings.js";
import { Tooltip } from "./tooltip.js";

/** Row -1 means that nothing is hovered. */
export class Hover {
  /**
   * @param {HTMLElement} host says the hovered id in `data-hover`
   * @param {HTMLElement} stage
   */
  constructor(host, stage) {
    this.host = host;
    this.ring = new Ring(stage, "hover");
    this.tooltip = new Tooltip();
    this.row = -1;
    /** @type {PointerEvent | null} */
    this.event = null;
  }

  /**
   * @param {number} row
   * @param {PointerEvent} event
   * @param {import("./tooltip.js").Card} card
   * @param {import("./images.js").Images | null} images
   * @param {import("./theme.js").Theme} theme
   */
  show(row, event, card, images, theme) {
    [this.row, this.event] = [row, event];
    this.tooltip.show(card, { x: event.clientX, y: event.clientY }, images, theme);
    this.host.dataset.hover = String(card.id);
  }

  leave() {
    [this.row, this.event] = [-1, null];
    this.ring.show(null);
    this.tooltip.hide();
    delete this.host.dataset.hover;
  }

  destroy() {
    this.tooltip.destroy();
  }
}
