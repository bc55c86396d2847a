/** The link of a projector to the other panes of its page: shared pointer, focus, hidden classes, and view of the plot. */

import { Link } from "./state/links.js";
import { isFirst } from "./state/memory.js";

export class LinkedPane {
  /** @param {import("./projector.js").Projector} projector */
  constructor(projector) {
    this.projector = projector;
    const { picture, hover, memory } = projector;
    this.link = new Link({
      hover: (id) => hover.echo(id === null ? -1 : (projector.items.rowOf.get(id) ?? -1), projector),
      focus: (focus) => {
        if (focus.source !== projector.request.source) return; // it shows other data, for a moment
        projector.focus.take(focus);
        projector.repaint();
      },
      hidden: ({ legend, codes }) => {
        memory.hidden.set(legend, codes);
        if (legend === projector.legendKey) projector.repaint();
      },
      view: (view) => picture.plot.views.follow(view),
    });
    hover.onShown = (id) => this.link.tell("hover", id);
    picture.plot.views.onMoved = (view) => this.link.tell("view", view);
  }

  /** Whether the pane may move its view by itself: of panes with the same view only the first may, or they would drag each other away. */
  get leads() {
    return this.link.kind !== "views" || isFirst(this.projector.request.pane);
  }

  /** @param {import("./state/messages.js").Request} request that is shown from now on */
  show({ link }) {
    this.link.kind = link;
    this.projector.hover.echo(-1, this.projector); // rows may be those of other items now
  }

  destroy() {
    this.link.destroy();
  }
}
