/** A plot without Plotly: holds the view, and the same points, sight and names of axes as on the page follow it. */

import { cameraMatrix, evenRanges, moved, rangesEnlarged, turned } from "./optics.js";
import { mostZoom } from "../maths/approach.js";
import { cameraAround, cloudOf, distanceOf, homeCamera } from "../maths/camera.js";
import { homeRanges, solidBox } from "../plot/figures.js";
import { multiply, placing, planarMatrix, planarPlacement, resizedRanges, zoomOf } from "../maths/screen.js";

const LEAST_ZOOM = 0.5; // as on the page
const AIR = 8; // CSS pixels between the edge of the stage and the frame of a 2-D plot
const ROOM_FOR_AXES = { left: 60, bottom: 44 };

/** @typedef {import("../plot/plot.js").Scene} Scene */

export class PlainPlot {
  /**
   * @param {HTMLElement} host
   * @param {Scene} scene
   * @param {() => void} onView called after every change of the view
   */
  constructor(host, scene, onView) {
    this.host = host;
    this.scene = scene;
    this.onView = onView;
    this.box = scene.dims === 3 ? solidBox(scene) : null;
    this.size = { width: 1, height: 1 };
    /** Camera chosen by the reader; null for the home view. @type {import("../maths/camera.js").Camera | null} */
    this.camera = null;
    /** @type {import("../maths/screen.js").Ranges | null} */
    this.chosen = null;
  }

  /** The part of the stage in which points of a 2-D plot are drawn. */
  frame() {
    const { left, bottom } = this.scene.axes.length ? ROOM_FOR_AXES : { left: AIR, bottom: AIR };
    const { width, height } = this.size;
    return { left, top: AIR, width: Math.max(1, width - left - AIR), height: Math.max(1, height - bottom - AIR) };
  }

  /** The ranges that a 2-D plot shows now. */
  ranges() {
    return this.chosen ?? this.#home();
  }

  #home() {
    return evenRanges(homeRanges(this.scene), this.frame());
  }

  /** @returns {import("../maths/camera.js").Camera} that sees all points */
  #homeCamera() {
    return homeCamera(cloudOf(this.scene.coords, /** @type {NonNullable<PlainPlot["box"]>} */ (this.box)), this.size);
  }

  /** @returns {import("../plot/plot.js").View} */
  view() {
    const { width, height } = this.size;
    if (!this.box) {
      const frame = this.frame();
      return { matrix: planarMatrix(this.ranges(), frame, this.size), width, height, frame, eyeDistance: 0 };
    }
    const fromBox = cameraMatrix(this.camera ?? this.#homeCamera(), width / height);
    const matrix = multiply(fromBox, placing(this.box));
    return { matrix, width, height, frame: { left: 0, top: 0, width, height }, eyeDistance: fromBox[15] };
  }

  /** Fit the plot to its host: a view that was chosen keeps its middle and scale. */
  resize() {
    const before = this.frame();
    this.size = { width: this.host.clientWidth || 1, height: this.host.clientHeight || 1 };
    if (this.chosen) this.chosen = resizedRanges(this.chosen, before, this.frame());
    this.onView();
  }

  /** Show everything, in 3-D from the usual side. */
  reset() {
    [this.camera, this.chosen] = [null, null];
    this.onView();
  }

  /** The present zoom: 1 for the home view, 2 if everything is twice as large. */
  #closeness() {
    if (!this.box) return zoomOf(this.#home(), this.ranges());
    const home = this.#homeCamera();
    return distanceOf(home) / distanceOf(this.camera ?? home);
  }

  /**
   * Enlarge the plot, within its limits.
   * @param {number} factor
   * @param {{x: number, y: number}} [at] place on the stage that stays where it is in 2-D; the middle if not given
   */
  zoom(factor, at) {
    const now = this.#closeness();
    const most = mostZoom(this.scene.coords.length, this.scene.dims);
    const possible = Math.min(most / now, Math.max(LEAST_ZOOM / now, factor));
    if (this.box) {
      const camera = this.camera ?? this.#homeCamera();
      this.camera = cameraAround(camera.center, camera, possible);
    } else {
      const frame = this.frame();
      const { scale, shift } = planarPlacement(this.ranges(), frame);
      const { x, y } = at ?? { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
      this.chosen = rangesEnlarged(this.ranges(), [(x - shift[0]) / scale[0], (y - shift[1]) / scale[1]], possible);
    }
    this.onView();
  }

  /**
   * Move the plot by pixels, as a hand on paper would.
   * @param {number} across
   * @param {number} down
   */
  move(across, down) {
    if (this.box) {
      this.camera = moved(this.camera ?? this.#homeCamera(), across / this.size.height, down / this.size.height);
    } else {
      const { scale } = planarPlacement(this.ranges(), this.frame());
      /** @type {(range: [number, number], by: number) => [number, number]} */
      const shifted = ([low, high], by) => [low - by, high - by];
      const { x, y } = this.ranges();
      this.chosen = { x: shifted(x, across / scale[0]), y: shifted(y, down / scale[1]) };
    }
    this.onView();
  }

  /**
   * Turn a 3-D plot by pixels: half a turn for the height of the stage.
   * @param {number} across
   * @param {number} down
   */
  turn(across, down) {
    const perPixel = Math.PI / this.size.height;
    this.camera = turned(this.camera ?? this.#homeCamera(), across * perPixel, down * perPixel);
    this.onView();
  }
}
