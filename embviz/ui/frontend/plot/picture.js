/** The picture on the stage: Plotly's axes, and the points at the place to which they have moved so far. */

import { Crowd } from "../crowd/crowd.js";
import { AxisNames } from "./axis_names.js";
import { Motion, startOf } from "../maths/glide.js";
import { rowsWithRoom } from "../images/room.js";
import { drawnLines } from "../lines/drawn_lines.js";
import { Plot } from "./plot.js";
import { diameterFor, hasWebGL2, nearness, PointLayer } from "./points.js";
import { Sight } from "./sight.js";
import { svgScene } from "./without_webgl.js";

const IMAGE_SIDE = 32; // CSS pixels of a picture in the place of a point, by the usual size of points
const LEAST_SIDE = 20; // so that it can still be recognized
const GLIDE_MILLISECONDS = 600; // time in which points move to their new places when the layout changes

/**
 * @typedef {object} Asked what is to be drawn
 * @property {import("./plot.js").Scene} scene
 * @property {string} layout name of the coordinates; if it stays the same, no point moves
 * @property {import("../state/protocol.js").Items} items
 * @property {import("./paint.js").Paint} paint
 * @property {import("../state/theme.js").Theme} theme
 * @property {import("./colors.js").Colors} colors
 * @property {import("../state/images.js").Images | null} images
 * @property {string} revision of the items
 * @property {Uint32Array} lines the two rows that each line joins
 */

export class Picture {
  /**
   * @param {HTMLElement} stage
   * @param {string} plotlyUrl
   * @param {import("../state/memory.js").Memory} memory of the pane
   * @param {{onDrawn: (moved: boolean) => void, onSentence: (sentence: string) => void}} actions
   */
  constructor(stage, plotlyUrl, memory, { onDrawn, onSentence }) {
    this.stage = stage;
    this.plot = new Plot(stage, plotlyUrl, memory, () => this.#drawSoon());
    this.names = new AxisNames(stage);
    this.motion = new Motion();
    this.sight = new Sight(this.plot, this.motion);
    this.memory = memory;
    this.onDrawn = onDrawn;
    this.onSentence = onSentence;
    /** @type {PointLayer | null} */
    this.layer = hasWebGL2() ? new PointLayer() : null;
    this.crowd = this.layer && new Crowd(stage, this.layer, () => this.#whole());
    if (this.layer) {
      this.layer.onRestored = () => {
        this.crowd?.restored();
        this.#upload();
      };
    }
    /** @type {Asked | null} */
    this.asked = null;
    /** What waits for its axes, and is drawn once they are there. @type {Asked | null} */
    this.coming = null;
    this.frame = 0;
    /** @type {Promise<void> | null} without WebGL2, Plotly's drawing that is under way */
    this.drawing = null;
    this.isStale = false;
  }

  /**
   * The number of dimensions in which a layout is drawn.
   * @param {number} dims of the layout
   */
  drawnDims(dims) {
    return this.layer ? dims : 2;
  }

  /**
   * Draw the axes at once, and let points move from where they are drawn to their new places, or put them there at once
   * if the number of axes has changed.
   * @param {Asked} asked
   */
  async show(asked) {
    const before = this.asked;
    const [placement, { dims }] = [this.plot.placement(), this.motion];
    this.sight.show(null); // until axes and points fit together again, nothing is drawn or can be pointed at
    if (!this.layer) {
      this.asked = asked;
      return this.#showFlat();
    }
    this.coming = asked;
    await this.plot.show(asked.scene, asked.theme).finally(() => {
      if (this.coming === asked) this.coming = null;
    });
    const [host, now] = [this.plot.layerHost(), this.plot.placement()];
    if (!host) return; // the plot has left the page meanwhile
    host.append(this.layer.canvas);
    this.asked = asked;
    const { scene, layout, items, paint } = asked;
    this.names.show(scene);
    if (before && placement && now && dims === scene.dims && before.layout !== layout) {
      const drawn = { items: before.items, coords: this.motion.coords, placement };
      const start = startOf(drawn, { items, coords: scene.coords, placement: now });
      this.motion.glide(start, scene.coords, dims, isStill() ? 0 : GLIDE_MILLISECONDS);
    } else if (before?.layout !== layout || dims !== scene.dims) {
      this.motion.place(scene.coords, scene.dims);
    }
    this.sight.show(paint);
    this.#upload();
  }

  /**
   * Let the points move slowly to other coordinates in the same axes.
   * @param {Float32Array} coords
   */
  glideTo(coords) {
    if (!this.layer) return this.follow(coords, 0);
    if (this.asked) this.asked.scene.coords = coords;
    this.plot.refit();
    this.motion.glide(this.motion.coords.slice(), coords, this.motion.dims, isStill() ? 0 : GLIDE_MILLISECONDS);
    this.#drawSoon();
  }

  /**
   * Let the points move to the next frame of a layout that forms or is replayed.
   * @param {Float32Array} coords of the frame
   * @param {number} pace milliseconds until the frame after this one is expected
   */
  follow(coords, pace) {
    if (!this.asked) return;
    this.asked.scene.coords = coords;
    if (!this.layer) return this.#showFlat();
    this.motion.follow(coords, isStill() ? 0 : pace);
    this.plot.refit();
    this.#drawSoon();
  }

  /**
   * @param {import("./paint.js").Paint} paint new colors and drawing order of the same points
   * @param {import("./colors.js").Colors} colors that it was made of
   */
  repaint(paint, colors) {
    const asked = this.coming ?? this.asked; // a paint is of the items asked for last
    if (!asked) return;
    Object.assign(asked, { paint, colors });
    if (this.coming) return;
    if (!this.layer) return this.#showFlat();
    this.sight.show(paint);
    this.#upload();
  }

  /**
   * Put a copy of the points beside their canvas, for printing, where a canvas of WebGL stays empty.
   * @returns {HTMLCanvasElement | null}
   */
  copied() {
    if (!this.layer) return null;
    this.#draw(performance.now(), true); // a drawing by WebGL can be copied only until the browser has shown it
    return this.crowd?.copied() ?? null;
  }

  #upload() {
    if (!this.layer || !this.asked) return;
    const { paint, lines } = this.asked;
    const { coords, dims } = this.motion;
    this.layer.lines.show(drawnLines(lines, paint));
    if (this.layer.placed !== coords || this.motion.isMoving) this.layer.setCoords(coords, dims); // 12 MB of a million points
    else this.layer.lines.move(coords, dims);
    this.layer.setColors(paint.colors, paint.behind, paint.front);
    this.#fillImages();
    this.#drawSoon();
  }

  /** Draw as soon as the machine has finished what it is at; slices of the picture before are no longer worth waiting for. */
  #drawSoon() {
    this.sight.forget();
    this.crowd?.stop();
    this.frame ||= requestAnimationFrame((now) => {
      this.frame = 0;
      if (this.crowd?.isBusy) this.#drawSoon();
      else this.#draw(now);
    });
  }

  /**
   * @param {number} now in milliseconds
   * @param {boolean} [isWhole] whether all points are to be drawn, however long it takes
   */
  #draw(now, isWhole = false) {
    const view = this.plot.view();
    if (!view || !this.asked || !this.sight.paint) return;
    const moved = this.motion.step(now);
    if (moved) {
      this.layer?.setCoords(this.motion.coords, this.motion.dims);
      this.sight.forget();
    }
    const { items, paint, theme, colors } = this.asked;
    const outline = paint.emphasized ? theme.outline : null;
    const drawing = { view, usual: diameterFor(items.ids.length), outline, look: this.memory.look, points: this.motion, paint, colors };
    this.crowd?.[isWhole ? "drawAll" : "draw"](drawing);
    this.#tellWhole();
    this.#drawImages(view);
    this.names.place(view);
    this.onDrawn(moved);
    if (this.motion.isMoving) this.#drawSoon();
  }

  /** All points have been drawn, after the view stood still. */
  #whole() {
    const view = this.plot.view();
    this.sight.grid(); // so that the first item pointed at need not wait for it
    if (view) this.#drawImages(view);
    this.#tellWhole();
  }

  #tellWhole() {
    this.stage.dataset.drawn = this.crowd?.isWhole === false ? "part" : "all";
  }

  /** @param {import("../state/memory.js").Look} look of points from now on */
  showLook(look) {
    this.memory.look = look;
    this.sight.size = look.size;
    this.#fillImages();
    this.#drawSoon();
  }

  /** Have the pictures in the texture, if they are to be drawn in the place of points; else none, not even of other items. */
  #fillImages() {
    const { layer, asked } = this;
    if (!layer || !asked) return;
    if (!asked.images || asked.images.address.firsts || !this.memory.look.images) return layer.images.forget();
    layer.images.fill(asked.images, asked.items.ids, asked.revision).then(
      () => this.#drawSoon(),
      (error) => this.onSentence(`The pictures could not be drawn: ${error.message}`),
    );
  }

  /** Draw pictures in the place of points that have room for one. @param {import("./plot.js").View} view */
  #drawImages(view) {
    const { layer, asked, sight } = this;
    sight.pictures = [];
    const grid = layer?.images.isReady && this.memory.look.images && !this.memory.look.density ? sight.grid() : null;
    if (!grid || !layer || !asked) return;
    const usual = Math.max(LEAST_SIDE, IMAGE_SIDE * this.memory.look.size);
    const sideOf = (/** @type {number} */ row) => usual * nearness(view.eyeDistance, grid.screen.depth[row]);
    const sizeOf = (/** @type {number} */ row) => ({ width: sideOf(row), height: sideOf(row) });
    const { front, behind, colors } = asked.paint;
    const rows = rowsWithRoom(grid.screen, [...front, ...behind], sizeOf, view.frame);
    sight.pictures = rows.map((row) => ({ row, x: grid.screen.x[row], y: grid.screen.y[row], side: sideOf(row) }));
    layer.images.draw(sight.pictures, colors, asked.theme.ground, view, window.devicePixelRatio || 1);
  }

  /** Draw a sample by Plotly, without WebGL2: never two drawings at a time, and the newest one last. */
  #showFlat() {
    this.isStale = true;
    this.drawing ??= this.#drawFlat().finally(() => {
      this.drawing = null;
    });
    return this.drawing;
  }

  async #drawFlat() {
    while (this.isStale && this.asked) {
      this.isStale = false;
      const { scene, paint, theme } = this.asked;
      const colorOf = (/** @type {number} */ row) => `rgb(${paint.colors.subarray(row * 4, row * 4 + 3).join(" ")})`;
      const flat = svgScene(scene, paint.shown, colorOf);
      this.onSentence(flat.sentence);
      await this.plot.show(flat.scene, theme);
      this.motion.place(flat.scene.coords, 2);
      this.sight.show(paint);
      this.#drawSoon();
    }
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.crowd?.destroy();
    this.asked = null;
    this.layer?.destroy();
    this.names.root.remove();
    this.plot.destroy();
  }
}

/** Whether the visitor has asked the system for less motion. */
function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
