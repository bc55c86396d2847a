/** Plotly: axes, camera, pan and zoom. The only file that knows it. */

import { CAMERA, homeRanges, planarFigure, solidBox, solidFigure } from "./figures.js";
import { multiply, placing, planarMatrix, planarPlacement } from "./screen.js";

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
    /** @type {ReturnType<typeof solidBox> | null} 3-D: the box between the axes */
    this.box = null;
    host.addEventListener("mousemove", this.#hideFromPlotly, true);
    host.addEventListener("mouseover", this.#hideFromPlotly, true);
    host.addEventListener("mousedown", this.#tellPlotly, true);
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
    this.#remember();
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
        this.#remember();
        this.onView();
      });
    }
  }

  /** Keep camera and ranges: they survive 2-D to 3-D, other data and another page. */
  #remember() {
    const full = /** @type {any} */ (this.graph)._fullLayout;
    if (!this.scene || !full) return;
    if (this.scene.dims === 3) {
      if (full.scene?._scene) this.memory.camera = full.scene._scene.getCamera();
    } else {
      this.memory.ranges.set(this.scene.revision, { x: [...full.xaxis.range], y: [...full.yaxis.range] });
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
      const { x, y } = homeRanges(this.scene);
      await this.plotly.relayout(this.graph, { "xaxis.range": x, "yaxis.range": y });
    }
    this.onView();
  }

  resize() {
    if (this.plotly && this.scene && this.host.clientWidth) {
      this.plotly.Plots.resize(this.graph).then(() => this.onView());
    }
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
    this.#remember();
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
