/** Linked views: a plot tells its view to the linked panes, and follows theirs. */

import { cameraOf, planarView, rangesOf, solidView } from "../maths/linked.js";

/**
 * @typedef {import("../maths/linked.js").PlanarView | import("../maths/linked.js").SolidView} LinkedView
 * @typedef {import("../state/address.js").Look} Look
 */

export class LinkedViews {
  /** @type {LinkedView | null | undefined} the view to follow next; undefined: none */
  #next = undefined;
  #isFollowing = false;

  /** @param {import("./plot.js").Plot} plot */
  constructor(plot) {
    this.plot = plot;
    /** @type {(view: LinkedView | null) => void} called when a person has moved the view; null: back to the home view */
    this.onMoved = () => {};
    this.onChosen = () => {}; // called when the view is another one because a person has moved it here or in a linked pane
  }

  /** Tell where a person has moved the view. */
  moved() {
    const { plot } = this;
    if (!plot.scene) return;
    const home = plot.homeCamera();
    const camera = plot.chosenCamera();
    if (home && camera) this.onMoved(solidView(camera, home));
    else if (!home) this.onMoved(planarView(plot.ranges(), plot.homeRanges()));
    this.onChosen();
  }

  /** Go back to the home view, with all linked panes. */
  async reset() {
    this.onMoved(null);
    await this.plot.goHome();
    this.onChosen();
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
    this.onChosen();
  }

  /** @param {LinkedView | null} view */
  async #move(view) {
    const { plot } = this;
    const { scene } = plot;
    if (!scene || !plot.plotly || (view && view.dims !== scene.dims)) return;
    const home = plot.homeCamera();
    if (view === null) return plot.goHome();
    if (view.dims === 3 && home) this.#turn(scene.revision, cameraOf(view, home));
    else if (view.dims === 2) await this.#take(scene.revision, { ranges: rangesOf(view, plot.homeRanges()) });
  }

  /**
   * Turn to a camera without Plotly's `relayout`, which looks at all of the figure for each move.
   * @param {string} revision of the coordinates
   * @param {import("../maths/camera.js").Camera} camera
   */
  #turn(revision, camera) {
    const { plot } = this;
    plot.memory.cameras.set(revision, camera);
    const { layout, _fullLayout: full } = /** @type {any} */ (plot.graph);
    layout.scene.camera = { ...layout.scene.camera, ...structuredClone(camera) };
    full.scene.camera = { ...full.scene.camera, ...structuredClone(camera) };
    full.scene._scene.setViewport(full.scene);
    plot.onView();
  }

  /**
   * Restore a camera or ranges as if a person had chosen them. If these coordinates are drawn now, this moves linked panes,
   * too; otherwise it takes effect when they are drawn.
   * @param {string} revision of the coordinates
   * @param {Look | null} look null: the home view
   */
  async lookFrom(revision, look) {
    const { plot } = this;
    const isDrawn = plot.plotly && plot.scene?.revision === revision;
    if (isDrawn && !look) return this.reset();
    for (const views of [plot.memory.cameras, plot.memory.ranges]) views.delete(revision);
    if (look) await this.#take(revision, look);
    if (isDrawn) this.moved();
  }

  /**
   * @param {string} revision of coordinates
   * @param {Look} look
   */
  async #take(revision, look) {
    const { plot } = this;
    if ("camera" in look) plot.memory.cameras.set(revision, look.camera);
    else plot.memory.ranges.set(revision, look.ranges);
    if (!plot.plotly || plot.scene?.revision !== revision || Boolean(plot.box) !== ("camera" in look)) return;
    await ("camera" in look ? plot.setCamera(look.camera) : plot.setRanges(look.ranges));
    plot.onView();
  }
}
