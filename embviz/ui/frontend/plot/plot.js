/** Plotly: axes, camera, pan and zoom. The only file that knows it. */

import { mostZoom } from "../maths/approach.js";
import { cameraAround, cloudOf, distanceOf, homeCamera, sideOf } from "../maths/camera.js";
import { homeRanges, planarFigure, planarFrame, solidBox, solidFigure } from "./figures.js";
import { HiddenFromPlotly } from "./hidden_from_plotly.js";
import { loadPlotly } from "./plotly_library.js";
import { middleOf, multiply, placing, planarMatrix, planarPlacement, rangesAround, resizedRanges, wheelPixels, zoomOf } from "../maths/screen.js";

/**
 * @typedef {object} View how data becomes pixels right now
 * @property {Float32Array} matrix to clip space of the whole plot
 * @property {number} width of the plot in CSS pixels
 * @property {number} height
 * @property {{left: number, top: number, width: number, height: number}} frame where points may be drawn
 * @property {number} eyeDistance from the eye to the middle of the data; 0 in 2-D
 */

/**
 * @typedef {object} Scene what the plot shows
 * @property {string} revision of the coordinates, or the run they come from
 * @property {Float32Array} coords
 * @property {number} dims
 * @property {string[]} axes titles
 * @property {boolean} scaled whether the axes' numbers mean anything
 * @property {{rows: ArrayLike<number>, colors: string[]} | null} svg rows to draw without WebGL
 */

const CONFIG = {
  displayModeBar: false,
  scrollZoom: true,
  doubleClick: false,
  showSendToCloud: false,
  responsive: false,
  plotGlPixelRatio: window.devicePixelRatio || 1, // Plotly's 2 paints four times the pixels for a few axis lines
};

const LEAST_ZOOM = 0.5; // of what is in sight at home
const ZOOM_PER_PIXEL = 0.0012; // of the wheel: a turn by 600 pixels makes everything twice as large
const NOTICED = 0.02; // a camera that would stand so little elsewhere stays

/** One Plotly graph that draws no points itself. */
export class Plot {
  /**
   * @param {HTMLElement} host
   * @param {string} plotlyUrl
   * @param {import("../state/memory.js").Memory} memory outlives the mount
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
    loadPlotly(plotlyUrl).catch(() => {}); // while the arrays are on their way; `show` says what went wrong
    /** @type {Scene | null} */
    this.scene = null;
    /** The resize under way, and those that wait for it. */
    this.resizing = Promise.resolve();
    /** @type {ReturnType<typeof solidBox> | null} 3-D: the box between the axes */
    this.box = null;
    this.hidden = new HiddenFromPlotly(host, (event) => this.#isInScene(event));
    host.addEventListener("wheel", this.#wheel, { capture: true, passive: false });
  }

  /** Beyond its limits the wheel does nothing, instead of leading to where nothing is to be seen. */
  #wheel = (/** @type {WheelEvent} */ event) => {
    if (!this.scene || (this.box && !this.#isInScene(event))) return;
    if (this.box) this.zoom(Math.exp(-ZOOM_PER_PIXEL * wheelPixels(event))); // Plotly's own goes faster the less often it is told
    else if (event.deltaY < 0 ? this.mostEnlargement() > 1 : this.#closeness() > LEAST_ZOOM) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns {number} how much closer than at home the view is: 2 where everything is twice as large */
  #closeness() {
    const home = this.#homeCamera();
    if (home) return distanceOf(home) / distanceOf(this.#chosenCamera() ?? home);
    return this.scene && this.plotly ? zoomOf(homeRanges(this.scene), this.#ranges()) : 1;
  }

  /** @returns {number} by how much the view can be enlarged from where it is */
  mostEnlargement() {
    return this.scene ? mostZoom(this.scene.coords.length, this.scene.dims) / this.#closeness() : 1;
  }

  /**
   * Enlarge the view, within its limits; it counts as chosen by the visitor, and is kept as such.
   * @param {number} factor by which everything gets larger
   * @param {number[]} [place] to look at, in coordinates; that looked at already if not given
   */
  async zoom(factor, place) {
    if (!this.scene || !this.plotly) return;
    this.#rememberCamera();
    const possible = Math.min(this.mostEnlargement(), Math.max(LEAST_ZOOM / this.#closeness(), factor));
    const home = this.#homeCamera();
    if (home && this.box) {
      const { scale, shift } = this.box;
      const camera = this.#chosenCamera() ?? home;
      const [x, y, z] = place?.map((at, axis) => at * scale[axis] + shift[axis]) ?? Object.values(camera.center);
      const closer = cameraAround({ x, y, z }, camera, possible);
      this.memory.cameras.set(this.scene.revision, closer);
      await this.#setCamera(closer);
    } else {
      const ranges = rangesAround(place ?? middleOf(this.#ranges()), this.#ranges(), possible);
      this.memory.ranges.set(this.scene.revision, ranges);
      await this.#setRanges(ranges);
    }
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
    const home = this.#homeCamera();
    const full = home ? solidFigure(scene, theme, this.#chosenCamera() ?? home) : planarFigure(scene, theme, this.memory);
    await plotly.react(this.graph, full.data, full.layout, CONFIG);
    this.plotly = plotly;
    this.#listen();
    this.onView();
  }

  #listen() {
    const graph = /** @type {any} */ (this.graph);
    const glplot = graph._fullLayout.scene?._scene?.glplot;
    if (glplot && !glplot.embviz) {
      const render = glplot.onrender;
      glplot.embviz = true;
      glplot.onrender = () => {
        render?.();
        this.onView();
      };
    }
    if (this.listening) return;
    this.listening = true;
    graph.on("plotly_relayouting", () => { // only while a person moves something
      this.#rememberRanges();
      this.#rememberCamera(true);
      this.onView();
    });
    graph.on("plotly_relayout", () => {
      this.#rememberCamera();
      this.onView();
    });
  }

  /**
   * Keep the camera that a person has chosen for these coordinates, and its side for others: both survive 2-D and back.
   * @param {boolean} [chosen] whether it is chosen just now
   */
  #rememberCamera(chosen = false) {
    const scene = /** @type {any} */ (this.graph)._fullLayout?.scene?._scene;
    if (this.scene?.dims !== 3 || !scene || !(chosen || this.#chosenCamera())) return;
    const camera = scene.getCamera();
    this.memory.cameras.set(this.scene.revision, camera);
    this.memory.side = sideOf(camera);
  }

  #chosenCamera() {
    return this.memory.cameras.get(this.scene?.revision ?? "");
  }

  /** @returns {import("../maths/camera.js").Camera | null} the one that has all points before it; null in 2-D */
  #homeCamera() {
    if (!this.scene || !this.box) return null;
    const room = { width: this.host.clientWidth || 1, height: this.host.clientHeight || 1 };
    return homeCamera(cloudOf(this.scene.coords, this.box), room, this.memory.side);
  }

  #setCamera(/** @type {import("../maths/camera.js").Camera} */ camera) {
    return this.plotly?.relayout(this.graph, { "scene.camera": structuredClone(camera) });
  }

  /** In 3-D: let the points of a layout that forms fill the stage, unless a person has turned or moved it. */
  refit() {
    const home = this.#homeCamera();
    const now = /** @type {any} */ (this.graph)._fullLayout?.scene?.camera;
    if (!home || !now || this.#chosenCamera()) return;
    const [far, near] = [distanceOf(home), distanceOf(now)];
    const aside = distanceOf({ ...home, eye: now.center }); // from the middle of before to that of now
    if (Math.abs(far - near) > NOTICED * near || aside > NOTICED * near) this.#setCamera(home);
  }

  /** Keep ranges that a person has chosen, for the next time these coordinates are shown. */
  #rememberRanges() {
    if (this.scene?.dims === 2) this.memory.ranges.set(this.scene.revision, this.#ranges());
  }

  /** @returns {import("../maths/glide.js").Placement | null} from coordinates to the screen; in 3-D, to the box the camera looks at */
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
    // not Plotly's own model matrix, which is that of the scene before until Plotly has drawn the new one
    const matrix = multiply(fromBox, placing(this.box));
    return { matrix, width, height, frame: { left: 0, top: 0, width, height }, eyeDistance: fromBox[15] };
  }

  /** Everything in sight, from the usual side. */
  async reset() {
    if (!this.scene) return;
    this.memory[this.box ? "cameras" : "ranges"].delete(this.scene.revision);
    if (this.box) this.memory.side = undefined;
    const home = this.#homeCamera();
    await (home ? this.#setCamera(home) : this.#setRanges(homeRanges(this.scene)));
    this.onView();
  }

  /** @returns {import("../maths/screen.js").Ranges} of the axes of a plane, now */
  #ranges() {
    const { xaxis, yaxis } = /** @type {any} */ (this.graph)._fullLayout;
    const [left, right, bottom, top] = [...xaxis.range, ...yaxis.range];
    return { x: [left, right], y: [bottom, top] };
  }

  #setRanges(/** @type {import("../maths/screen.js").Ranges} */ { x, y }) {
    return this.plotly.relayout(this.graph, { "xaxis.range": x, "yaxis.range": y });
  }

  /** Fit the room there is: a view that a person has chosen keeps its middle and scale, else everything stays in sight. */
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
      const before = { frame: planarFrame(/** @type {any} */ (this.graph)._fullLayout), ranges: this.#ranges() };
      await this.plotly.Plots.resize(this.graph); // which widens ranges and never narrows them
      if (this.scene !== scene || !this.graph.isConnected) return;
      const chosen = this.memory.ranges.has(scene.revision);
      const after = planarFrame(/** @type {any} */ (this.graph)._fullLayout);
      const ranges = chosen ? resizedRanges(before.ranges, before.frame, after) : homeRanges(scene);
      if (chosen) this.memory.ranges.set(scene.revision, ranges);
      await this.#setRanges(ranges);
    }
    this.onView();
  }

  /** @returns {HTMLElement | null} where the point layer belongs: above the axes, below the outlines */
  layerHost() {
    return this.graph.querySelector(".gl-container");
  }

  #purge(/** @type {any} */ plotly) {
    const canvases = [...this.graph.querySelectorAll("canvas")].filter((canvas) => canvas.className !== "embviz-points");
    plotly.purge(this.graph);
    for (const canvas of canvases) {
      const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
      context?.getExtension("WEBGL_lose_context")?.loseContext(); // purge alone keeps the context, and there are only 16
    }
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
