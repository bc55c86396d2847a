/** What the pointer moves: a drag turns or moves the plot, two fingers and the wheel enlarge it. */

import { wheelPixels } from "../maths/screen.js";

const ZOOM_PER_PIXEL = 0.0012; // as on the page

/**
 * Let a stage be moved by mouse, pen and fingers. In 3-D a drag turns, and with Shift or the right button it moves.
 * @param {HTMLElement} stage
 * @param {import("./plain_plot.js").PlainPlot} plot
 */
export function letMove(stage, plot) {
  /** @type {Map<number, PointerEvent>} the last event of each pointer that is down */
  const down = new Map();
  const release = (/** @type {PointerEvent} */ { pointerId }) => down.delete(pointerId);
  stage.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest("button")) return;
    down.set(event.pointerId, event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    down.set(event.pointerId, event);
    const other = [...down.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    if (other) {
      const factor = apart(event, other) / apart(before, other);
      if (Number.isFinite(factor) && factor > 0) plot.zoom(factor);
      return;
    }
    const [across, downwards] = [event.clientX - before.clientX, event.clientY - before.clientY];
    if (plot.box && !event.shiftKey && event.buttons !== 2) plot.turn(across, downwards);
    else plot.move(across, downwards);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) stage.addEventListener(end, release);
  stage.addEventListener("contextmenu", (event) => plot.box && event.preventDefault());
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = stage.getBoundingClientRect();
      plot.zoom(Math.exp(-ZOOM_PER_PIXEL * wheelPixels(event)), { x: event.clientX - left, y: event.clientY - top });
    },
    { passive: false },
  );
}

/** @param {PointerEvent} a @param {PointerEvent} b @returns pixels between them */
const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
