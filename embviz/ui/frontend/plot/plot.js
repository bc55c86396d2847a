/** Axes, camera, pan and zoom by Plotly; no other file calls Plotly. */

import { mostZoom } from "../maths/approach.js";
import { cameraAround, cloudOf, distanceOf, homeCamera as homeOf, sideOf } from "../maths/camera.js";
import { homeRanges, planarFigure, planarFrame, solidBox, solidFigure } from "./figures.js";
import { HiddenFromPlotly } from "./hidden_from_plotly.js";
import { CONFIG, loadPlotly, purge } from "./plotly_library.js";
import { LinkedViews } from "./views.js";
import { middleOf, multiply, placing, planarMatrix, planarPlacement, rangesAround, resizedRanges, wheelPixels, zoomOf } from "../maths/screen.js";

/**
 * @typedef {object} View how coordinates become pixels right now
 * @property {Float32Array} matrix from coordinates to clip space of the whole plot
 * @property {number} width of the plot in CSS pixels
 * @property {number} height
 * @property {{left: number, top: number, width: number, height: number}} frame part of the plot in which points are drawn
 * @property {number} eyeDistance from the eye to the middle of the data; 0 in 2-D
 */

/**
 * @typedef {object} Scene what the plot shows
 * @property {string} revision name of the coordinates, or of the run that computes them
 * @property {Float32Array} coords
 * @property {number} dims
 * @property {string[]} axes titles
 * @property {boolean} scaled whether the axes' numbers mean anything
 * @property {{rows: ArrayLike<number>, colors: string[]} | null} svg rows that Plotly draws itself, and their colors; null with WebGL2
 */

const LEAST_ZOOM = 0.5; // smallest zoom; 1 is the home view
const ZOOM_PER_PIXEL = 0.0012; // speed of the wheel: 600 pixels make everything twice as large
const NOTICED = 0.02; // a camera is moved only by more than this share of its distance

/** One Plotly graph that draws no points itself. */
export class Plot {
  /**
   * @param {HTMLElement} host
   * @param {string} plotlyUrl
   * @param {import("../state/memory.js").Memory} memory of the pane, kept when the plot leaves the page
   * @param {() => void} onView called after every change of the view
   */
  constructor(host, plotlyUrl, memory, onView) {
    this.host = host;
    this.plotlyUrl = plotlyUrl;
    this.memory = memory;
    this.onView = onView;
    this.graph = document.createElement("div");
    this.graph.className = "embviz-graph";
    host.append(this.graph);
    loadPlotly(plotlyUrl).catch(() => {}); // begun early, beside the download of arrays; `show` reports an error
    /** @type {Scene | null} */
    this.scene = null;
    /** Fulfilled when the resize under way, and all that wait for it, are done. */
    this.resizing = Promise.resolve();
    /** @type {ReturnType<typeof solidBox> | null} the box that Plotly's camera looks at in 3-D; null in 2-D */
    this.box = null;
    this.views = new LinkedViews(this);
    this.hidden = new HiddenFromPlotly(host, (event) => this.#isInScene(event));
    host.addEventListener("wheel", this.#wheel, { capture: true, passive: false });
  }

  /** Zoom by the wheel. At the limits the wheel does nothing, so that nobody zooms to where nothing can be seen. */
  #wheel = (/** @type {WheelEvent} */ event) => {
    if (!this.scene || (this.box && !this.#isInScene(event))) return;
    if (this.box) this.zoom(Math.exp(-ZOOM_PER_PIXEL * wheelPixels(event))); // Plotly's own 3-D zoom depends on how often events come
    else if (event.deltaY < 0 ? this.mostEnlargement() > 1 : this.#closeness() > LEAST_ZOOM) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns {number} the present zoom: 1 for the home view, 2 if everything is twice as large */
  #closeness() {
    const home = this.homeCamera();
    if (home) return distanceOf(home) / distanceOf(this.chosenCamera() ?? home);
    return this.scene && this.plotly ? zoomOf(homeRanges(this.scene), this.ranges()) : 1;
  }

  /** @returns {number} largest factor by which the present view can be enlarged */
  mostEnlargement() {
    return this.scene ? mostZoom(this.scene.coords.length, this.scene.dims) / this.#closeness() : 1;
  }

  /**
   * Enlarge the view, within its limits. The view counts as chosen by the visitor, and is remembered.
   * @param {number} factor by which the picture is enlarged
   * @param {number[]} [place] coordinates of the new middle; if not given, the middle stays
   */
  async zoom(factor, place) {
    if (!this.scene || !this.plotly) return;
    this.#rememberCamera();
    const possible = Math.min(this.mostEnlargement(), Math.max(LEAST_ZOOM / this.#closeness(), factor));
    const home = this.homeCamera();
    if (home && this.box) {
      const { scale, shift } = this.box;
      const camera = this.chosenCamera() ?? home;
      const [x, y, z] = place?.map((at, axis) => at * scale[axis] + shift[axis]) ?? Object.values(camera.center);
      const closer = cameraAround({ x, y, z }, camera, possible);
      this.memory.cameras.set(this.scene.revision, closer);
      await this.setCamera(closer);
    } else {
      const ranges = rangesAround(place ?? middleOf(this.ranges()), this.ranges(), possible);
      this.memory.ranges.set(this.scene.revision, ranges);
      await this.setRanges(ranges);
    }
    this.views.moved();
    this.onView();
  }

  #isInScene(/** @type {MouseEvent} */ event) {
    return this.scene?.dims === 3 && this.graph.contains(/** @type {Node} */ (event.target));
  }

  /**
   * @param {Scene} scene
   * @param {import("../state/theme.js").Theme} theme
   */
  async show(scene, theme) {
    const plotly = await loadPlotly(this.plotlyUrl);
    if (!this.graph.isConnected) return;
    this.#rememberCamera();
    if (this.scene && this.scene.dims !== scene.dims) this.#purge(plotly);
    this.scene = scene;
    this.box = scene.dims === 3 ? solidBox(scene) : null;
    const home = this.homeCamera();
    const full = home ? solidFigure(scene, theme, this.chosenCamera() ?? home) : planarFigure(scene, theme, this.memory);
    await plotly.react(this.graph, full.data, full.layout, CONFIG);
    this.plotly = plotly;
    this.#listen();
    this.onView();
  }

  #listen() {
    const graph = /** @type {any} */ (this.graph);
    const scene = graph._fullLayout.scene?._scene;
    if (scene && !scene.embviz) {
      const render = scene.render;
      scene.embviz = true;
      scene.render = () => { // called after each frame, also after a lost WebGL context, which takes scene.glplot with it
        render.call(scene);
        this.onView();
      };
    }
    if (this.listening) return;
    this.listening = true;
    graph.on("plotly_webglcontextlost", (/** @type {{event: Event}} */ { event }) => event.preventDefault()); // or it would stay lost
    graph.on("plotly_relayouting", () => { // only while a person moves something
      this.#rememberRanges(true);
      this.#rememberCamera(true);
      this.views.moved();
      this.onView();
    });
    graph.on("plotly_relayout", () => {
      this.#rememberRanges();
      this.#rememberCamera();
      this.onView();
    });
  }

  /**
   * Remember the camera that the visitor has chosen for these coordinates, and its side for other coordinates.
   * @param {boolean} [chosen] whether the visitor is choosing it right now
   */
  #rememberCamera(chosen = false) {
    const scene = /** @type {any} */ (this.graph)._fullLayout?.scene?._scene;
    if (this.scene?.dims !== 3 || !scene || !(chosen || this.chosenCamera())) return;
    const camera = scene.getCamera();
    this.memory.cameras.set(this.scene.revision, camera);
    this.memory.side = sideOf(camera);
  }

  chosenCamera() {
    return this.memory.cameras.get(this.scene?.revision ?? "");
  }

  /** @returns {import("../maths/camera.js").Camera | null} the camera that sees all points; null in 2-D */
  homeCamera() {
    if (!this.scene || !this.box) return null;
    const room = { width: this.host.clientWidth || 1, height: this.host.clientHeight || 1 };
    return homeOf(cloudOf(this.scene.coords, this.box), room, this.memory.side);
  }

  setCamera(/** @type {import("../maths/camera.js").Camera} */ camera) {
    return this.plotly?.relayout(this.graph, { "scene.camera": structuredClone(camera) });
  }

  /** In 3-D, move the camera so that the points of a forming layout fill the stage, unless the visitor has moved it. */
  refit() {
    const home = this.homeCamera();
    const now = /** @type {any} */ (this.graph)._fullLayout?.scene?.camera;
    if (!home || !now || this.chosenCamera()) return;
    const [far, near] = [distanceOf(home), distanceOf(now)];
    const aside = distanceOf({ ...home, eye: now.center }); // distance between the present center and the new one
    if (Math.abs(far - near) > NOTICED * near || aside > NOTICED * near) this.setCamera(home);
  }

  /** @param {boolean} [chosen] whether the visitor is choosing ranges right now; else earlier choices count */
  #rememberRanges(chosen = this.memory.ranges.has(this.scene?.revision ?? "")) {
    if (chosen && this.scene?.dims === 2) this.memory.ranges.set(this.scene.revision, this.ranges());
  }

  /** @returns {import("../maths/glide.js").Placement | null} from coordinates to the screen in 2-D, to Plotly's box in 3-D */
  placement() {
    if (this.box) return this.box;
    const full = /** @type {any} */ (this.graph)._fullLayout;
    return this.scene && full ? planarPlacement({ x: full.xaxis.range, y: full.yaxis.range }, planarFrame(full)) : null;
  }

  /** @returns {View | null} */
  view() {
    const full = /** @type {any} */ (this.graph)._fullLayout;
    if (!this.scene || !full) return null;
    const { width, height } = full;
    if (!this.box) {
      const { xaxis, yaxis } = full;
      const frame = planarFrame(full);
      const matrix = planarMatrix({ x: xaxis.range, y: yaxis.range }, frame, { width, height });
      return { matrix, width, height, frame, eyeDistance: 0 };
    }
    const camera = full.scene?._scene?.glplot?.cameraParams;
    if (!camera?.projection) return null;
    const fromBox = multiply(camera.projection, camera.view);
    // Plotly's own model matrix is not used, because it belongs to the previous scene until Plotly has drawn the new one.
    const matrix = multiply(fromBox, placing(this.box));
    return { matrix, width, height, frame: { left: 0, top: 0, width, height }, eyeDistance: fromBox[15] };
  }

  /** Go back to the home view: everything in sight, in 3-D from the usual side. */
  async goHome() {
    if (!this.scene) return;
    this.memory[this.box ? "cameras" : "ranges"].delete(this.scene.revision);
    if (this.box) this.memory.side = undefined;
    const home = this.homeCamera();
    await (home ? this.setCamera(home) : this.setRanges(homeRanges(this.scene)));
    this.onView();
  }

  homeRanges() {
    return homeRanges(/** @type {Scene} */ (this.scene));
  }

  /** @returns {import("../maths/screen.js").Ranges} that the axes of a 2-D plot show now */
  ranges() {
    const { xaxis, yaxis } = /** @type {any} */ (this.graph)._fullLayout;
    const [left, right, bottom, top] = [...xaxis.range, ...yaxis.range];
    return { x: [left, right], y: [bottom, top] };
  }

  setRanges(/** @type {import("../maths/screen.js").Ranges} */ { x, y }) {
    return this.plotly.relayout(this.graph, { "xaxis.range": x, "yaxis.range": y });
  }

  /** Fit the plot to the stage: a view that the visitor has chosen keeps its middle and scale, the home view all points. */
  resize() {
    this.resizing = this.resizing.then(() => this.#resize()).catch((error) => console.error(error));
    return this.resizing;
  }

  async #resize() {
    const { scene } = this;
    if (!this.plotly || !scene || !this.host.clientWidth) return;
    if (scene.dims === 3) {
      await this.plotly.Plots.resize(this.graph);
      this.refit();
    } else {
      const before = { frame: planarFrame(/** @type {any} */ (this.graph)._fullLayout), ranges: this.ranges() };
      await this.plotly.Plots.resize(this.graph); // Plotly widens ranges here, and never narrows them
      if (this.scene !== scene || !this.graph.isConnected) return;
      const chosen = this.memory.ranges.has(scene.revision);
      const after = planarFrame(/** @type {any} */ (this.graph)._fullLayout);
      const ranges = chosen ? resizedRanges(before.ranges, before.frame, after) : homeRanges(scene);
      if (chosen) this.memory.ranges.set(scene.revision, ranges);
      await this.setRanges(ranges);
    }
    this.onView();
  }

  /** @returns {HTMLElement | null} Plotly's element for the canvas of points: above the axes, below lasso and box */
  layerHost() {
    return this.graph.querySelector(".gl-container");
  }

  #purge(/** @type {any} */ plotly) {
    purge(plotly, this.graph);
    this.listening = false;
  }

  destroy() {
    this.#rememberCamera();
    this.hidden.destroy();
    this.host.removeEventListener("wheel", this.#wheel, true);
    if (this.plotly) this.#purge(this.plotly);
    this.graph.remove();
    this.scene = null;
  }
}
