/** Actions of the plot's keys, and the plot's description for screen readers. */

import { count } from "./texts/counts.js";
import { Help } from "./chrome/help.js";
import { cardOf } from "./pointer/hover.js";
import { Keyboard, rowInOrder } from "./chrome/keyboard.js";

/**
 * The description of a plot in words. Pure.
 * @param {Pick<import("./state/messages.js").Request, "coloring" | "items">} request
 * @param {number} dims in which it is drawn
 */
export function plotLabel({ coloring, items }, dims) {
  const colored = coloring ? `, colored by ${coloring.name}` : "";
  return `Plot of ${count(items.count)} ${items.count === 1 ? "item" : "items"} in ${dims} dimensions${colored}`;
}

export class PlotKeys {
  /** @param {import("./projector.js").Projector} projector */
  constructor(projector) {
    this.projector = projector;
    /** Revision of the items between whose points the keys go. */
    this.revision = "";
    this.help = new Help(projector.host);
    this.said = document.createElement("p");
    this.said.className = "embviz-said";
    this.said.setAttribute("role", "status");
    projector.host.append(this.said);
    this.keyboard = new Keyboard(projector.stage, projector.sight, {
      onStep: (row) => this.#step(row),
      onPin: (row) => projector.pin(row),
      onTurn: (step) => this.#turn(step),
      onIsolate: (row) => this.#isolate(row),
      onZoom: (factor) => projector.picture.plot.zoom(factor),
      onReset: () => projector.picture.plot.views.reset(),
      onHelp: () => this.help.open(),
      onLeave: () => projector.hover.leave(),
    });
  }

  /** Describe the plot that is drawn now, and start anew with the next key if its items are others. */
  show() {
    const { request, picture } = this.projector;
    if (request.items.revision !== this.revision) this.keyboard.forget();
    this.revision = request.items.revision;
    this.keyboard.show(plotLabel(request, picture.drawnDims(request.coords.dims)));
  }

  #step(/** @type {number} */ row) {
    const { hover, sight, stage } = this.projector;
    const place = sight.placeOf(row);
    if (!place) return;
    const { left, top } = stage.getBoundingClientRect();
    hover.show(row, { x: left + place.x, y: top + place.y }, this.projector);
    const { label, fact } = cardOf(row, this.projector);
    this.said.textContent = [label, fact].filter(Boolean).join(", ");
  }

  #turn(/** @type {1 | -1} */ step) {
    const { items, paint, focus } = this.projector;
    const row = rowInOrder(items.ids, paint?.shown ?? [], focus.now.pinned, step);
    if (row < 0) return;
    this.projector.pin(row);
    this.#step(row);
  }

  #isolate(/** @type {number} */ row) {
    this.projector.legend.isolate(this.projector.colors.coloring.codes[row]);
  }

  destroy() {
    this.keyboard.destroy();
  }
}
