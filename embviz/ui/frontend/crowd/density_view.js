/** The density of the points in the place of these: a small canvas that is enlarged over the plot, and what it means. */

import { CELL, densityOf, densityPixels, densitySentence, ruleOf } from "./density.js";
import { thinned } from "./thinning.js";
import { count } from "../texts/counts.js";

export class DensityView {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLCanvasElement} points canvas beside which the density is drawn
   */
  constructor(stage, points) {
    this.points = points;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "embviz-density";
    /** Of the top left square on the stage. */
    this.place = { left: 0, top: 0 };
    this.note = document.createElement("p");
    this.note.className = "embviz-density-note";
    this.note.hidden = true;
    stage.after(this.note);
  }

  /**
   * @param {import("./crowd.js").Drawing} drawing
   * @param {number} [most] points that are counted; of more a sample is
   */
  draw({ view, points: { coords, dims }, paint, colors }, most = Infinity) {
    const { canvas, note } = this;
    if (canvas.parentElement !== this.points.parentElement) this.points.after(canvas);
    const { message, palette, coloring, theme } = colors;
    const [back, fore] = thinned([paint.behind.length, paint.front.length], most);
    const [behind, front] = [paint.behind.subarray(0, back), paint.front.subarray(0, fore)];
    const scale = message?.kind === "values" ? palette.length - message.entries.length : 0;
    const density = densityOf({ coords, dims, view, behind, front, shades: coloring.shades, scale, colors: palette.length });
    const rule = ruleOf(scale, palette.length);
    const { columns, lines } = density;
    if (canvas.width !== columns || canvas.height !== lines) [canvas.width, canvas.height] = [columns, lines];
    const pixels = densityPixels(density, palette, theme.dimmed);
    canvas.getContext("2d")?.putImageData(new ImageData(/** @type {any} */ (pixels), columns, lines), 0, 0);
    const { left, top, width, height } = view.frame;
    this.place = { left, top };
    Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${columns * CELL}px`, height: `${lines * CELL}px` });
    canvas.style.clipPath = `inset(0 ${columns * CELL - width}px ${lines * CELL - height}px 0)`;
    canvas.hidden = false;
    if (back + fore < paint.shown.length) return;
    const said = { rule, name: message?.name ?? "", most: count(density.most), dims, hasDimmed: back > 0 };
    const sentence = densitySentence(said);
    if (note.textContent !== sentence) note.textContent = sentence;
    note.hidden = false;
    canvas.dataset.total = String(density.total);
  }

  hide() {
    this.canvas.hidden = this.note.hidden = true;
  }

  destroy() {
    this.canvas.remove();
    this.note.remove();
  }
}
