/** The transparent sheet over the plot on which a lasso or a box is drawn, in 2-D and in 3-D alike. */

import { boxOutline } from "../maths/polygon.js";
import { readTheme } from "../state/theme.js";

/** @typedef {import("../maths/polygon.js").Point} Point */

const CLICK_PIXELS = 4; // an outline narrower and lower than this is taken for a click

/** A sheet over the plot while the tool is "lasso" or "box"; it reports the outline when the button is released. */
export class OutlineSheet {
  /**
   * @param {HTMLElement} host
   * @param {(outline: Point[], mode: import("../state/selection.js").Mode) => void} onOutline Shift adds, Alt subtracts
   */
  constructor(host, onOutline) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "embviz-sheet";
    this.canvas.hidden = true;
    host.append(this.canvas);
    this.onOutline = onOutline;
    /** @type {"lasso" | "box"} */
    this.tool = "lasso";
    /** @type {Point[]} */
    this.path = [];
    /** Id of the pointer that draws; any other, such as a second finger, takes no part. */
    this.drawer = -1;
    this.canvas.addEventListener("pointerdown", this.#begin);
    this.canvas.addEventListener("pointermove", this.#extend);
    this.canvas.addEventListener("pointerup", this.#finish);
    this.canvas.addEventListener("pointercancel", (event) => this.#isDrawnBy(event) && this.cancel());
    this.canvas.addEventListener("wheel", this.#zoomBelow);
  }

  /** @param {"pan" | "lasso" | "box"} tool */
  setTool(tool) {
    this.canvas.hidden = tool === "pan";
    if (tool !== "pan") this.tool = tool;
  }

  /** Pass a turn of the wheel on to the plot below the sheet, so that it still zooms. */
  #zoomBelow = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    this.canvas.hidden = true;
    document.elementFromPoint(event.clientX, event.clientY)?.dispatchEvent(new WheelEvent("wheel", event));
    this.canvas.hidden = false;
  };

  #begin = (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || (this.isDrawing && this.canvas.hasPointerCapture(this.drawer))) return;
    this.drawer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.path = [this.#point(event)];
  };

  #isDrawnBy(/** @type {PointerEvent} */ event) {
    return this.isDrawing && event.pointerId === this.drawer;
  }

  #extend = (/** @type {PointerEvent} */ event) => {
    if (!this.#isDrawnBy(event)) return;
    const point = this.#point(event);
    if (this.tool === "box") this.path = [this.path[0], point];
    else this.path.push(point);
    this.#paint();
  };

  #finish = (/** @type {PointerEvent} */ event) => {
    if (!this.#isDrawnBy(event)) return;
    const outline = this.#outline();
    this.cancel();
    if (isClick(outline)) return; // a click on a point or beside it must not clear the selection
    this.onOutline(outline, event.altKey ? "subtract" : event.shiftKey ? "add" : "replace");
  };

  #outline() {
    return this.tool === "box" && this.path.length === 2 ? boxOutline(this.path[0], this.path[1]) : this.path;
  }

  #point(/** @type {PointerEvent} */ event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #paint() {
    const { canvas } = this;
    [canvas.width, canvas.height] = [canvas.clientWidth, canvas.clientHeight];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.strokeStyle = context.fillStyle = readTheme(canvas).accent;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const point of this.#outline()) context.lineTo(point.x, point.y);
    context.closePath();
    context.stroke();
    context.globalAlpha = 0.12;
    context.fill("evenodd");
  }

  /** Whether an outline is being drawn. */
  get isDrawing() {
    return this.path.length > 0;
  }

  /** Discard the outline that is being drawn. */
  cancel() {
    this.path = [];
    this.canvas.width = this.canvas.clientWidth;
  }
}

/**
 * Whether an outline is so small that it was meant as a click.
 * @param {Point[]} outline
 */
function isClick(outline) {
  const spread = (/** @type {"x" | "y"} */ axis) => {
    const places = outline.map((point) => point[axis]);
    return Math.max(...places) - Math.min(...places);
  };
  return Math.max(spread("x"), spread("y")) < CLICK_PIXELS;
}
