/** Plotly: axes, camera, pan and zoom. The only file that knows it. */

import { CAMERA, homeRanges, planarFigure, solidBox, solidFigure } from "./figures.js";
import { multiply, placing, planarMatrix, planarPlacement, resizedRanges, zoomOf } from "./screen.js";

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
const MOST_SOLID_ZOOM = 6; // beyond, the camera is inside the cloud

/**
 * Zoom at which the nearest neighbor of an item is some hundred pixels away, also inside clusters.
 * @param {number} n items
 */
const mostZoom = (n) => Math.max(20, 8 * Math.sqrt(n));

/**
 * @param {any} camera of Plotly
 * @returns {number} from the eye to what it looks at
 */
const distance = ({ eye, center }) => Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z);

/** @type {Promise<any> | undefined} */
let library;

/**
 * @param {string} url of plotly.min.js, which sets `window.Plotly`
 * @returns {Promise<any>}
 */
function loadPlotly(url) {
  library ??= (async () => {
    const before = /** @type {any} */ (window).Plotly; // Streamlit has a copy of its own
    await import(url);
    const plotly = /** @type {any} */ (window).Plotly;
    if (before) /** @type {any} */ (window).Plotly = before;
    return plotly;
  })();
  return library;
}

/** One Plotly graph that draws no points itself. */
export class Plot {
  /**
   * @param {HTMLElement} host
   * @param {string} plotlyUrl
   * @param {{camera?: object, ranges: Map<string, {x: number[], y: number[]}>}} memory outlives the mount
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
    this.telling = false;
    /** How many changes of the view are under way that no person has asked for: they may overlap. */
    this.adjusting = 0;
    /** @type {ReturnType<typeof solidBox> | null} 3-D: the box between the axes */
    this.box = null;
    host.addEventListener("mousemove", this.#hideFromPlotly, true);
    host.addEventListener("mouseover", this.#hideFromPlotly, true);
    host.addEventListener("mousedown", this.#tellPlotly, true);
    host.addEventListener("wheel", this.#limitZoom, { capture: true, passive: false });
  }

  /** In 3-D Plotly searches all points on every move of the pointer, even with its hover switched off. */
  #hideFromPlotly = (/** @type {MouseEvent} */ event) => {
    if (this.telling || event.buttons || !this.#isInScene(event)) return;
    event.stopImmediatePropagation();
  };

  /** The moves hidden from Plotly would count as one jump of the camera when the button goes down. */
  #tellPlotly = (/** @type {MouseEvent} */ event) => {
    if (!this.#isInScene(event)) return;
    const move = new MouseEvent("mousemove", { bubbles: true, clientX: event.clientX, clientY: event.clientY });
    // Plotly reads these, and the browser would round them otherwise: one pixel turns the camera
    Object.defineProperties(move, { offsetX: { value: event.offsetX }, offsetY: { value: event.offsetY } });
    this.telling = true;
    event.target?.dispatchEvent(move);
    this.telling = false;
  };

  /** Beyond its limits the wheel does nothing, instead of leading to where nothing is to be seen. */
  #limitZoom = (/** @type {WheelEvent} */ event) => {
    const zoom = this.zoom();
    if (!this.scene || zoom === null) return;
    const most = this.scene.dims === 3 ? MOST_SOLID_ZOOM : mostZoom(this.scene.coords.length / this.scene.dims);
    if (event.deltaY < 0 ? zoom < most : zoom > LEAST_ZOOM) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** @returns {number | null} how much closer than at home the view is; null before the first drawing */
  zoom() {
    const full = /** @type {any} */ (this.graph)._fullLayout;
    if (!this.scene || !full) return null;
    if (this.scene.dims === 2) return zoomOf(homeRanges(this.scene), { x: full.xaxis.range, y: full.yaxis.range });
    const camera = full.scene?._scene?.getCamera();
    return camera ? distance(CAMERA) / distance(camera) : null;
  }

  #isInScene(/** @type {MouseEvent} */ event) {
    return this.scene?.dims === 3 && this.graph.contains(/** @type {Node} */ (event.target));
  }

  /**
   * @param {Scene} scene
   * @param {import("./theme.js").Theme} theme
   */
  async show(scene, theme) {
    const plotly = await loadPlotly(this.plotlyUrl);
    if (!this.graph.isConnected) return;
    this.#rememberCamera();
    if (this.scene && this.scene.dims !== scene.dims) this.#purge(plotly);
    this.scene = scene;
    this.box = scene.dims === 3 ? solidBox(scene) : null;
    const full = scene.dims === 3 ? solidFigure(scene, theme, this.memory) : planarFigure(scene, theme, this.memory);
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
    for (const event of ["plotly_relayouting", "plotly_relayout"]) {
      graph.on(event, () => {
        if (!this.adjusting) this.#rememberRanges();
        this.#rememberCamera();
        this.onView();
      });
    }
  }

  /** Keep the camera: it survives 2-D to 3-D, other data and another page. */
  #rememberCamera() {
    const scene = /** @type {any} */ (this.graph)._fullLayout?.scene?._scene;
    if (this.scene?.dims === 3 && scene) this.memory.camera = scene.getCamera();
  }

  /** Keep ranges that a person has chosen, for the next time these coordinates are shown. */
  #rememberRanges() {
    const full = /** @type {any} */ (this.graph)._fullLayout;
    if (this.scene?.dims !== 2 || !full) return;
    this.memory.ranges.set(this.scene.revision, { x: [...full.xaxis.range], y: [...full.yaxis.range] });
  }

  /**
   * @param {() => Promise<unknown>} change of the view that no person has asked for
   */
  async #adjust(change) {
    this.adjusting += 1;
    try {
      await change();
    } finally {
      this.adjusting -= 1;
    }
  }

  /** @returns {import("./glide.js").Placement | null} from coordinates to the screen; in 3-D, to the box the camera looks at */
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
    this.memory.ranges.delete(this.scene.revision);
    if (this.scene.dims === 3) {
      await this.plotly.relayout(this.graph, { "scene.camera": structuredClone(CAMERA) });
    } else {
      await this.#adjust(() => this.#setRanges(homeRanges(/** @type {Scene} */ (this.scene))));
    }
    this.onView();
  }

  #setRanges(/** @type {import("./screen.js").Ranges} */ { x, y }) {
    return this.plotly.relayout(this.graph, { "xaxis.range": x, "yaxis.range": y });
  }

  /** Fit the room there is: a view that a person has chosen keeps its middle and scale, else everything stays in sight. */
  async resize() {
    const { scene } = this;
    if (!this.plotly || !scene || !this.host.clientWidth) return;
    await this.#adjust(async () => {
      const full = /** @type {any} */ (this.graph)._fullLayout;
      if (scene.dims === 3) return this.plotly.Plots.resize(this.graph);
      const before = { frame: planarFrame(full), ranges: { x: [...full.xaxis.range], y: [...full.yaxis.range] } };
      await this.plotly.Plots.resize(this.graph); // which widens ranges and never narrows them
      if (this.scene !== scene || !this.graph.isConnected) return;
      const chosen = this.memory.ranges.has(scene.revision);
      const after = planarFrame(/** @type {any} */ (this.graph)._fullLayout);
      const ranges = chosen ? resizedRanges(before.ranges, before.frame, after) : homeRanges(scene);
      if (chosen) this.memory.ranges.set(scene.revision, ranges);
      await this.#setRanges(ranges);
    });
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
    this.host.removeEventListener("wheel", this.#limitZoom, true);
    this.host.removeEventListener("mousemove", this.#hideFromPlotly, true);
    this.host.removeEventListener("mouseover", this.#hideFromPlotly, true);
    this.host.removeEventListener("mousedown", this.#tellPlotly, true);
    if (this.plotly) this.#purge(this.plotly);
    this.graph.remove();
    this.scene = null;
  }
}

/** @param {any} full Plotly's layout with everything filled in */
function planarFrame({ xaxis, yaxis }) {
  return { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length };
}
