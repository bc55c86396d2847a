/** Questions that tests and automation may ask a mounted projector, or one in a file; the page does not use them. */

/** @typedef {import("./projector.js").Projector} Projector */

/**
 * @param {Pick<Projector, "sight" | "items" | "paint" | "images"> & {stage: HTMLElement, picture?: Projector["picture"]}} projector
 */
export function automationOf(projector) {
  return {
    /** Id and place in the window of what can be pointed at: of everything, or of as many as are asked for. */
    shownPlaces(most = Infinity) {
      const screen = projector.sight.grid()?.screen;
      if (!screen || !projector.paint) return [];
      const { left, top } = projector.stage.getBoundingClientRect();
      return Array.from(projector.paint.shown.subarray(0, most), (row) => [projector.items.ids[row], screen.x[row] + left, screen.y[row] + top]);
    },

    /** Id, place on the stage and side of every picture that is drawn in the place of a point. */
    pictures() {
      return projector.sight.pictures.map(({ row, x, y, side }) => [projector.items.ids[row], x, y, side]);
    },

    /** A canvas with what is drawn in the place of points, in CSS pixels. */
    pointsCopy() {
      const copy = projector.picture?.copied();
      copy?.remove();
      return copy;
    },

    /** Whether a tooltip would show its image at once. */
    imagesAreHere() {
      return !projector.images || projector.images.address.firsts !== null || projector.images.pixels.size >= projector.items.ids.length;
    },
  };
}
