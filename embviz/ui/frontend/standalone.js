/** A view in one HTML file, without server, network or Plotly: the same points, hover, colors and legend. */

import { automationOf } from "./automation.js";
import { button } from "./chrome/buttons.js";
import { Legend } from "./chrome/legend.js";
import { Message } from "./chrome/message.js";
import { AxisNames } from "./plot/axis_names.js";
import { Colors } from "./plot/colors.js";
import { paint } from "./plot/paint.js";
import { drawnLines } from "./lines/drawn_lines.js";
import { diameterFor, hasWebGL2, PointLayer } from "./plot/points.js";
import { Sight } from "./plot/sight.js";
import { Hover } from "./pointer/hover.js";
import { PointerWatch } from "./pointer/pointer.js";
import { letMove, STEP } from "./standalone/hand.js";
import { addressOf } from "./standalone/parts.js";
import { PlainPlot } from "./standalone/plain_plot.js";
import { PlanarAxes } from "./standalone/planar_axes.js";
import { ArrayLoader } from "./state/arrays.js";
import { Images } from "./state/images.js";
import { USUAL_LOOK } from "./state/memory.js";
import { readTheme } from "./state/theme.js";

/**
 * @typedef {object} Told content of the file: its title, notes on it, and the request that names its arrays
 * @property {string} title
 * @property {string[]} notes
 * @property {import("./state/messages.js").Request} request of the projector, its addresses names of parts of the file
 */

class Standalone {
  /**
   * @param {Told} told
   * @param {import("./state/arrays.js").Arrays} arrays
   */
  constructor({ title, notes, request }, { items, order, coloring, coords, lines }) {
    this.request = request;
    this.items = items;
    this.order = order;
    this.coloring = coloring;
    this.lines = lines;
    /** @type {string[] | null} */
    this.texts = null;
    /** @type {Images | null} */
    this.images = null;
    /** @type {Set<number>} */
    this.hidden = new Set();
    document.title = title;
    this.host = made("div", "embviz", document.body);
    const bar = made("div", "embviz-toolbar", this.host);
    made("h1", "", bar).textContent = title;
    this.stage = made("div", "embviz-stage", this.host);
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "img");
    this.stage.setAttribute("aria-label", title);
    const { revision, dims, axes, scaled } = request.coords;
    const drawn = /** @type {Float32Array} */ (coords);
    this.plot = new PlainPlot(this.stage, { revision, coords: drawn, dims, axes, scaled, svg: null }, () => this.drawSoon());
    this.axes = new PlanarAxes(this.stage);
    this.layer = hasWebGL2() ? new PointLayer() : null;
    this.names = new AxisNames(this.stage);
    this.sight = new Sight(this.plot, { coords: drawn, dims });
    this.message = new Message(this.stage);
    this.hover = new Hover(this.host, this.stage, this.sight);
    this.legend = new Legend(this.host, { onChange: (hidden) => this.hide(hidden), onWrong: () => {} });
    made("p", "embviz-notes", this.host).textContent = notes.join(" ");
    for (const [name, sign, onClick] of /** @type {[string, string, () => void][]} */ ([
      ["Enlarge (+)", "+", () => this.plot.zoom(STEP)],
      ["Make smaller (-)", "−", () => this.plot.zoom(1 / STEP)],
      ["Reset view (0)", "Reset view", () => this.plot.reset()],
    ])) {
      const tool = button("embviz-tool", onClick);
      tool.textContent = sign;
      tool.title = name;
      tool.setAttribute("aria-label", name);
      bar.append(tool);
    }
    this.frame = 0;
    /** @type {import("./plot/paint.js").Paint | null} */
    this.paint = null;
    /** @type {any} */ (this.host).embviz = automationOf(this);
  }

  show() {
    if (!this.layer) return this.message.say("The points need WebGL2, which this browser does not have; open the file in another one.");
    this.stage.prepend(this.axes.root, this.layer.canvas);
    this.layer.onRestored = () => this.upload();
    this.names.show(this.plot.scene);
    letMove(this.stage, this.plot);
    new PointerWatch(this.stage, {
      onHover: (event) => this.point(event),
      onLeave: () => this.hover.leave(),
      onClick: (event) => this.point(event),
      onDoubleClick: (event) => this.rowAt(event) < 0 && this.plot.reset(),
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.upload());
    new ResizeObserver(() => this.plot.resize()).observe(this.stage);
    this.plot.resize();
    this.upload();
  }

  /** Colors, order of drawing, and legend. */
  upload() {
    const { layer, request, hidden } = this;
    if (!layer) return;
    this.theme = readTheme(this.host);
    this.colors = new Colors(request.coloring, this.coloring, this.theme);
    const { palette } = this.colors;
    this.paint = paint({ coloring: this.coloring, palette, order: this.order, hidden, standsOut: null, dimmed: this.theme.dimmed });
    layer.lines.show(drawnLines(this.lines, this.paint));
    layer.setCoords(this.plot.scene.coords, this.plot.scene.dims);
    layer.setColors(this.paint.colors, this.paint.behind, this.paint.front);
    this.sight.show(this.paint);
    this.legend.show(request.coloring, this.theme, { hidden, lit: null, wrong: null });
    this.host.dataset.shown = String(this.paint.shown.length);
    this.drawSoon();
  }

  /** @param {Set<number>} hidden codes of the legend */
  hide(hidden) {
    this.hidden = hidden;
    this.hover.leave();
    this.upload();
  }

  drawSoon() {
    this.sight.forget();
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    const view = this.plot.view();
    this.layer?.draw({ view, usual: diameterFor(this.items.ids.length), outline: null, look: USUAL_LOOK });
    this.axes.show(this.plot);
    if (this.plot.box) this.names.place(view);
    this.hover.place();
    this.host.dataset.painted = "true";
  }

  /** @param {PointerEvent} event */
  rowAt(event) {
    const { left, top } = this.stage.getBoundingClientRect();
    return this.sight.rowAt(event.clientX - left, event.clientY - top);
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (!this.colors || !this.theme) return;
    const { request, items, images, colors, texts, theme } = this;
    this.hover.show(this.rowAt(event), { x: event.clientX, y: event.clientY }, { request, items, images, colors, texts, theme });
  }

  /** @returns {Promise<void>} when the images are there */
  async fetchImages() {
    const { images, base } = this.request;
    if (!images) return;
    this.images = Images.at({ ...images, urls: await Promise.all(images.urls.map(addressOf)) }, base);
    await this.images.all;
    this.host.dataset.images = String(this.images.pixels.size);
  }
}

/**
 * @param {string} name
 * @param {string} className
 * @param {HTMLElement} parent
 */
function made(name, className, parent) {
  const element = Object.assign(document.createElement(name), { className });
  parent.append(element);
  return element;
}

/**
 * Show the content of the file; an error is told in place of the points, or over them if they are there.
 * @param {Told} told
 */
async function open(told) {
  const waiting = document.getElementById("embviz-waiting");
  let say = (/** @type {string} */ sentence) => {
    if (waiting) waiting.textContent = sentence;
  };
  try {
    const { items, coords, coloring, lines } = told.request;
    told.request.base = document.baseURI;
    items.url = await addressOf(items.url);
    coords.url = await addressOf(coords.url ?? "");
    if (coloring) coloring.url = await addressOf(coloring.url);
    if (lines) lines.url = await addressOf(lines.url);
    const view = new Standalone(told, await new ArrayLoader().load(told.request));
    waiting?.remove();
    say = (sentence) => view.message.say(sentence);
    view.show();
    await view.fetchImages();
  } catch (error) {
    say(`This file is not complete, or this browser cannot read it: ${/** @type {Error} */ (error).message}`);
    throw error;
  }
}

await open(JSON.parse(document.getElementById("embviz-view")?.textContent ?? ""));
