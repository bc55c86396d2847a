/** Linked views: a plot tells its view to the linked panes, and follows theirs. */

import { cameraOf, planarView, rangesOf, solidView } from "../maths/linked.js";

/** @typedef {import("../maths/linked.js").PlanarView | import("../maths/linked.js").SolidView} LinkedView */

export class LinkedViews {
  /** @type {LinkedView | null | undefined} the view to follow next; undefined: none */
  #next = undefined;
  #isFollowing = false;

  /** @param {import("./plot.js").Plot} plot */
  constructor(plot) {
    this.plot = plot;
    /** @type {(view: LinkedView | null) => void} called when a person has moved the view; null: back to the home view */
    this.onMoved = () => {};
  }

  /** Tell where a person has moved the view. */
  moved() {
    const { plot } = this;
    if (!plot.scene) return;
    const home = plot.homeCamera();
    const camera = plot.chosenCamera();
    if (home && camera) this.onMoved(solidView(camera, home));
    else if (!home) this.onMoved(planarView(plot.ranges(), plot.homeRanges()));
  }

  /**
   * Move to the view of another plot, if that has as many dimensions; of several that come while one is drawn, the last.
   * @param {LinkedView | null} view null: the home view
   */
  async follow(view) {
    this.#next = view;
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    while (this.#next !== undefined) {
      const next = this.#next;
      this.#next = undefined;
      await this.#move(next);
    }
    this.#isFollowing = false;
  }

  /** @param {LinkedView | null} view */
  async #move(view) {
    const { plot } = this;
    const { scene, memory } = plot;
    if (!scene || !plot.plotly || (view && view.dims !== scene.dims)) return;
    const home = plot.homeCamera();
    if (view === null) return plot.goHome();
    if (view.dims === 3 && home) {
      const camera = cameraOf(view, home);
      memory.cameras.set(scene.revision, camera);
      await plot.setCamera(camera);
    } else if (view.dims === 2) {
      const ranges = rangesOf(view, plot.homeRanges());
      memory.ranges.set(scene.revision, ranges);
      await plot.setRanges(ranges);
    }
    plot.onView();
  }
}
