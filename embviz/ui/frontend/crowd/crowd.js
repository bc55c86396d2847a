/** The drawing of very many points: thinned while the view moves, and whole, in slices, once it is still. */

import { CELL } from "./density.js";
import { DensityView } from "./density_view.js";
import { ALWAYS_WHOLE, Pace } from "./thinning.js";
import { WholePicture } from "./whole_picture.js";

/**
 * @typedef {object} Drawing what is drawn
 * @property {import("../plot/plot.js").View} view
 * @property {number} usual diameter of points in CSS pixels
 * @property {number[] | null} outline r, g, b of the outline of points in front
 * @property {import("../state/memory.js").Look} look
 * @property {{coords: Float32Array, dims: number}} points where they are drawn
 * @property {import("../plot/paint.js").Paint} paint
 * @property {import("../plot/colors.js").Colors} colors
 */

/** @typedef {Pick<Drawing, "view" | "usual" | "outline" | "look">} Discs a drawing of points as discs */

const STILL = 120; // milliseconds without a new drawing after which all points are drawn
const POLL = 4; // milliseconds between two looks at whether a drawing is finished

export class Crowd {
  /**
   * @param {HTMLElement} stage
   * @param {import("../plot/points.js").PointLayer} layer
   * @param {() => void} onWhole called when all points have been drawn, later than `draw` returned
   */
  constructor(stage, layer, onWhole) {
    this.layer = layer;
    this.density = new DensityView(stage, layer.canvas);
    this.onWhole = onWhole;
    this.pace = new Pace();
    this.countingPace = new Pace();
    /** @type {WholePicture | null} made when it is first needed */
    this.whole = null;
    this.isWhole = true;
    this.timer = 0;
    this.frame = 0;
    /** @type {{sync: WebGLSync, points: number, began: number} | null} the drawing that is not finished yet */
    this.pending = null;
  }

  /** Whether the machine is still at work on a drawing; another one would only wait behind it. */
  get isBusy() {
    return this.pending !== null;
  }

  /**
   * Draw all points, or as many as there is time for, and the whole picture once nothing has moved for a moment.
   * @param {Drawing} drawing
   */
  draw(drawing) {
    this.stop();
    const all = this.layer.count;
    this.layer.canvas.hidden = drawing.look.density;
    if (drawing.look.density) return this.#drawDensity(drawing, all > ALWAYS_WHOLE ? this.countingPace.fits : all);
    this.density.hide();
    const most = all > ALWAYS_WHOLE ? this.pace.fits : all;
    this.layer.draw(drawing, most);
    this.isWhole = most >= all;
    if (all > ALWAYS_WHOLE) this.#measure(Math.min(most, all));
    if (!this.isWhole) this.timer = window.setTimeout(() => this.#complete(drawing, most), STILL);
  }

  /**
   * Draw all points now, however long it takes.
   * @param {Drawing} drawing
   */
  drawAll(drawing) {
    this.stop();
    if (drawing.look.density) this.density.draw(drawing);
    else this.layer.draw(drawing);
    this.isWhole = true;
  }

  /** @returns {HTMLCanvasElement} a copy of the points, or of their density, put beside their canvas */
  copied() {
    const { layer, density } = this;
    const [drawn, { width, height }] = [layer.canvas.hidden ? density.canvas : layer.canvas, layer.canvas];
    const copy = document.createElement("canvas");
    copy.className = "embviz-copy";
    [copy.width, copy.height] = [width, height];
    const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d"));
    context.imageSmoothingEnabled = false;
    const ratio = window.devicePixelRatio || 1;
    const [left, top] = drawn === layer.canvas ? [0, 0] : [density.place.left * ratio, density.place.top * ratio];
    const factor = drawn === layer.canvas ? 1 : CELL * ratio;
    context.drawImage(drawn, left, top, drawn.width * factor, drawn.height * factor);
    layer.canvas.after(copy);
    return copy;
  }

  /**
   * @param {Drawing} drawing
   * @param {number} most points that are counted
   */
  #drawDensity(drawing, most) {
    const began = performance.now();
    this.density.draw(drawing, most);
    this.isWhole = most >= this.layer.count;
    if (this.layer.count > ALWAYS_WHOLE) this.countingPace.took(Math.min(most, this.layer.count), performance.now() - began);
    if (this.isWhole) return;
    this.timer = window.setTimeout(() => {
      this.density.draw(drawing);
      this.isWhole = true;
      this.onWhole();
    }, STILL);
  }

  /**
   * Draw all points beside the canvas, in slices between which the page can answer.
   * @param {Drawing} drawing
   * @param {number} seen points that the canvas shows already
   */
  #complete(drawing, seen) {
    const { layer } = this;
    const { gl } = layer.program;
    this.whole ??= new WholePicture(gl);
    const all = layer.count;
    let done = 0;
    const step = () => {
      if (this.isBusy || !this.whole) return void (this.frame = requestAnimationFrame(step));
      const next = Math.min(all, done + this.pace.fits);
      this.whole.bind(layer.canvas);
      if (done === 0) layer.begin(drawing);
      layer.discs(drawing, done, next);
      this.#measure(next - done);
      done = next;
      // rows behind must not be seen without those in front, nor fewer points than before
      if (done === all || (layer.counts?.[0] === 0 && done > seen)) this.whole.show(layer.canvas);
      this.whole.release();
      if (done < all) return void (this.frame = requestAnimationFrame(step));
      this.isWhole = true;
      this.onWhole();
    };
    step();
  }

  /** Learn how long it takes to draw what was just asked for. @param {number} points */
  #measure(points) {
    const { gl } = this.layer.program;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!sync) return; // the context is lost
    gl.flush();
    const pending = { sync, points, began: performance.now() };
    this.pending = pending;
    const look = () => {
      if (gl.getSyncParameter(sync, gl.SYNC_STATUS) === gl.UNSIGNALED && !gl.isContextLost()) return void setTimeout(look, POLL);
      this.pace.took(points, performance.now() - pending.began);
      gl.deleteSync(sync);
      if (this.pending === pending) this.pending = null;
    };
    setTimeout(look, 0);
  }

  /** Forget the picture off the screen, because the context in which it was is lost. */
  restored() {
    this.stop();
    [this.whole, this.pending] = [null, null];
  }

  /** Begin no further slice; a slice that the machine is at is still finished, and `isBusy` until then. */
  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  destroy() {
    this.stop();
    this.density.destroy();
  }
}
