/** Controls that move the plot: a drag turns or moves it, two fingers and the wheel enlarge it, and keys do the same. */

import { wheelPixels } from "../maths/screen.js";

const ZOOM_PER_PIXEL = 0.0012; // as on the page
export const STEP = 1.5; // factor by which a press of a button or key enlarges
const STRIDE = 40; // CSS pixels by which an arrow key moves or turns the plot
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }; // the plot goes the other way

/**
 * Let a stage be moved by mouse, pen, fingers and keys. In 3-D a drag turns, and with Shift or the right button it moves.
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
    go(plot, across, downwards, event.shiftKey || event.buttons === 2);
  });
  stage.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return; // shortcuts of the browser
    if (arrow) go(plot, arrow[0] * STRIDE, arrow[1] * STRIDE, event.shiftKey);
    else if (event.key === "+" || event.key === "=") plot.zoom(STEP);
    else if (event.key === "-") plot.zoom(1 / STEP);
    else if (event.key === "0") plot.reset();
    else return;
    event.preventDefault();
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

/** @type {(plot: import("./plain_plot.js").PlainPlot, across: number, down: number, moves: boolean) => void} */
const go = (plot, across, down, moves) => (plot.box && !moves ? plot.turn(across, down) : plot.move(across, down));

/** @param {PointerEvent} a @param {PointerEvent} b @returns pixels between them */
const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
