/** The projector: keeps plot, points, hover, legend and selection in step with what Python asks for. */

import { Images } from "./images.js";
import { OutlineSheet } from "./lasso.js";
import { Legend } from "./legend.js";
import { paint } from "./paint.js";
import { pick, pickingGrid } from "./picking.js";
import { Plot } from "./plot.js";
import { PointerWatch } from "./pointer.js";
import { diameterFor, hasWebGL2, nearness, PointLayer } from "./points.js";
import { rowsInside } from "./polygon.js";
import { decodeCoords, decodeIdSet, decodeItems, encodeIdSet, shuffledRows } from "./protocol.js";
import { screenOf } from "./screen.js";
import { readTheme, rgb } from "./theme.js";
import { Toolbar } from "./toolbar.js";
import { Tooltip } from "./tooltip.js";

/**
 * What Python asks for: the JSON written by `embviz/ui/component.py`.
 * @typedef {object} Request
 * @property {string} base where all addresses start
 * @property {string} plotly address of plotly.min.js
 * @property {string} source which data the ids belong to: legend and focus are kept per source
 * @property {{revision: string, url: string, count: number, idLimit: number}} items
 * @property {{revision: string, url: string, dims: number, axes: string[], scaled: boolean}} coords
 * @property {import("./images.js").ImagesAddress | null} images
 * @property {{name: string, count: number, color: string}[]} classes
 * @property {number[] | null} highlighted class codes
 * @property {Focus} focus
 */

/**
 * What is pinned and selected. Both sides may change it; the higher serial is the newer one.
 * @typedef {object} Focus
 * @property {string} source
 * @property {number} serial
 * @property {number | null} pinned id
 * @property {string | null} selected base64 id set
 */

const MOST_SVG_POINTS = 3000;

/** Outlives mounts, so that another page and back changes nothing. */
const memory = {
  camera: undefined,
  ranges: new Map(),
  /** @type {Map<string, Set<number>>} hidden classes of each source */
  hidden: new Map(),
  tool: /** @type {import("./toolbar.js").Tool} */ ("pan"),
};

export class Projector {
  /**
   * @param {HTMLElement} host
   * @param {Request} request
   */
  constructor(host, request) {
    this.host = host;
    this.toolbar = new Toolbar(host, {
      onTool: (tool) => this.#setTool(tool),
      onReset: () => this.plot.reset(),
      onClear: () => this.#focusOn({ selected: null }),
    });
    this.stage = document.createElement("div");
    this.stage.className = "embviz-stage";
    host.append(this.stage);
    this.message = document.createElement("p");
    this.message.className = "embviz-message";
    this.message.hidden = true;
    this.legend = new Legend(host, (hidden) => {
      memory.hidden.set(this.request.source, hidden);
      this.#repaint();
    });
    this.webgl = hasWebGL2();
    this.plot = new Plot(this.stage, new URL(request.plotly, request.base).href, memory, () => this.#drawSoon());
    if (this.webgl) {
      this.layer = new PointLayer();
      this.layer.onRestored = () => this.#upload();
    }
    [this.hoverRing, this.pinRing] = ["hover", "pin"].map((kind) => {
      const ring = document.createElement("div");
      ring.className = `embviz-ring embviz-ring-${kind}`;
      ring.hidden = true;
      return ring;
    });
    this.stage.append(this.hoverRing, this.pinRing, this.message);
    this.sheet = new OutlineSheet(
      this.stage,
      (outline, add) => this.#select(outline, add),
      (event) => this.#zoomBelowSheet(event),
    );
    this.tooltip = new Tooltip();
    this.pointer = new PointerWatch(this.stage, {
      onHover: (event) => this.#hover(event),
      onLeave: () => this.#leave(),
      onClick: (event) => this.#focusOn({ pinned: this.#idAt(event) }),
    });
    this.observer = new ResizeObserver(() => this.plot.resize());
    this.observer.observe(this.stage);
    /** @type {(focus: Focus) => void} */
    this.onFocus = () => {};
    this.request = request;
    /** @type {Focus} */
    this.focus = request.focus;
    this.hoveredRow = -1;
  }

  /**
   * Show what Python asks for; fetches only what is new.
   * @param {Request} request
   */
  async update(request) {
    this.theme = readTheme(this.host);
    const newItems = this.items === undefined || this.request.items.revision !== request.items.revision;
    const newCoords = this.coords === undefined || this.request.coords.revision !== request.coords.revision;
    const at = (/** @type {string} */ url) => fetchBytes(new URL(url, request.base));
    const [items, coords] = await Promise.all([
      newItems ? at(request.items.url).then(decodeItems) : this.items,
      newCoords
        ? at(request.coords.url).then((bytes) => decodeCoords(bytes, request.items.count, request.coords.dims))
        : this.coords,
    ]);
    this.request = request;
    if (request.focus.source !== this.focus.source || request.focus.serial >= this.focus.serial) this.focus = request.focus;
    if (newItems) this.order = shuffledRows(request.items.count);
    Object.assign(this, { items, coords });
    this.images = request.images ? Images.at(request.images, request.base) : null;
    this.palette = request.classes.map(({ color }) => rgb(color));
    this.plain = rgb(getComputedStyle(this.host).getPropertyValue("--st-primary-color") || "#2f6fdb");
    this.#leave();
    await this.plot.show(this.#scene(), this.theme);
    if (this.layer) this.plot.layerHost()?.append(this.layer.canvas);
    this.#setTool(memory.tool);
    this.#upload();
    this.host.dataset.painted = `${request.items.count}/${request.coords.dims}/${request.coords.revision}`;
    this.#watchImages();
  }

  /** @returns {import("./plot.js").Scene} */
  #scene() {
    const { coords } = this.request;
    const scene = { revision: coords.revision, coords: this.coords, dims: coords.dims, axes: coords.axes, scaled: coords.scaled, svg: null };
    this.message.hidden = this.webgl;
    if (this.webgl) return scene;
    // Plotly draws its points itself then, and in 3-D it could not, so x and y are what is left
    const sample = this.order.filter((row) => !this.#hidden().has(this.items.codes[row])).slice(0, MOST_SVG_POINTS);
    const colors = Array.from(sample, (row) => this.request.classes[this.items.codes[row]]?.color ?? "#888");
    const flat = new Float32Array(this.items.ids.length * 2);
    for (let row = 0; row < this.items.ids.length; row++) {
      flat[row * 2] = this.coords[row * coords.dims];
      flat[row * 2 + 1] = this.coords[row * coords.dims + 1];
    }
    this.message.textContent =
      `This browser has no WebGL2: ${sample.length.toLocaleString("en-US")} of ` +
      `${this.request.items.count.toLocaleString("en-US")} items are drawn` +
      (coords.dims === 3 ? ", by their first two coordinates." : ".");
    return { ...scene, coords: flat, dims: 2, svg: { rows: sample, colors } };
  }

  #hidden() {
    return memory.hidden.get(this.request.source) ?? new Set();
  }

  #upload() {
    this.layer?.setCoords(this.coords, this.request.coords.dims);
    this.#repaint();
  }

  /** Colors, layers and legend, after anything but the coordinates changed. */
  #repaint() {
    const { items, request, theme, focus } = this;
    const selected = focus.source === request.source && focus.selected ? decodeIdSet(focus.selected) : null;
    const rows = selected && [...selected].map((id) => items.rowOf.get(id)).filter((row) => row !== undefined);
    this.selectedRows = rows?.length ? new Set(rows) : null;
    this.paint = paint({
      codes: items.codes,
      order: this.order,
      hidden: this.#hidden(),
      highlighted: request.highlighted,
      selectedRows: this.selectedRows,
      palette: this.palette,
      plain: this.plain,
      dimmed: theme.dimmed,
    });
    this.layer?.setColors(this.paint.colors, this.paint.behind, this.paint.front);
    this.legend.show({
      names: request.classes.map(({ name }) => name),
      counts: request.classes.map(({ count }) => count),
      colors: request.classes.map(({ color }) => color),
      hidden: this.#hidden(),
      highlighted: request.highlighted,
    });
    this.#showToolbar();
    this.#drawSoon();
    if (!this.webgl && this.plot.scene) this.plot.show(this.#scene(), theme);
  }

  #showToolbar() {
    const { request, paint: painted } = this;
    const dimmed = painted.behind.length.toLocaleString("en-US");
    const names = request.highlighted?.map((code) => request.classes[code].name).join(" and ");
    const status = this.selectedRows
      ? `${this.selectedRows.size.toLocaleString("en-US")} selected · ${dimmed} others dimmed`
      : names
        ? `${names} highlighted · ${dimmed} others dimmed`
        : "";
    this.toolbar.show({ tool: memory.tool, dims: request.coords.dims, status, hasSelection: this.selectedRows !== null });
    this.host.dataset.selected = String(this.selectedRows?.size ?? 0);
    this.host.dataset.pinned = String(this.#pinnedId() ?? "");
  }

  #pinnedId() {
    return this.focus.source === this.request.source ? this.focus.pinned : null;
  }

  #drawSoon() {
    this.grid = null;
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.#draw();
    });
  }

  #draw() {
    const view = this.plot.view();
    if (!view || !this.paint) return;
    this.layer?.draw(view, diameterFor(this.items.ids.length));
    const pinned = this.#pinnedId();
    this.#placeRing(this.pinRing, pinned === null ? -1 : (this.items.rowOf.get(pinned) ?? -1));
    this.#placeRing(this.hoverRing, this.hoveredRow);
  }

  /**
   * @param {HTMLElement} ring
   * @param {number} row -1 hides it
   */
  #placeRing(ring, row) {
    ring.hidden = row < 0 || this.#hidden().has(this.items.codes[row]);
    if (ring.hidden) return;
    const { screen } = this.#grid();
    ring.style.transform = `translate(${screen.x[row]}px, ${screen.y[row]}px)`;
  }

  /** Where all rows are right now; made once per view, when first asked for. */
  #grid() {
    if (!this.grid) {
      const view = /** @type {import("./plot.js").View} */ (this.plot.view());
      const dims = /** @type {import("./plot.js").Scene} */ (this.plot.scene).dims;
      const coords = /** @type {import("./plot.js").Scene} */ (this.plot.scene).coords;
      this.eyeDistance = view.eyeDistance;
      this.grid = pickingGrid(screenOf(coords, dims, view.matrix, view), this.paint.shown, view);
    }
    return this.grid;
  }

  /**
   * @param {{clientX: number, clientY: number}} event
   * @returns {number} row under the pointer, or -1
   */
  #rowAt(event) {
    if (!this.paint || !this.plot.view()) return -1;
    const box = this.stage.getBoundingClientRect();
    const grid = this.#grid();
    const radius = diameterFor(this.items.ids.length) / 2;
    return pick(
      grid,
      event.clientX - box.left,
      event.clientY - box.top,
      (row) => radius * nearness(this.eyeDistance, grid.screen.depth[row]),
      (row) => this.paint.inFront[row] === 1,
    );
  }

  #idAt(/** @type {PointerEvent} */ event) {
    const row = this.#rowAt(event);
    return row < 0 ? null : this.items.ids[row];
  }

  #hover(/** @type {PointerEvent} */ event) {
    if (event.pointerType === "touch") return; // a tap pins
    const row = this.#rowAt(event);
    if (row < 0) return this.#leave();
    const { items, request } = this;
    const known = request.classes[items.codes[row]];
    const predicted = request.classes[items.predictions[row]];
    const fact = `#${items.ids[row]}` + (predicted ? ` · predicted ${predicted.name}` : "");
    const card = { id: items.ids[row], label: known?.name ?? "", color: known?.color ?? "transparent", fact };
    this.tooltip.show(card, { x: event.clientX, y: event.clientY }, this.images, this.theme);
    this.hoverEvent = event;
    this.hoveredRow = row;
    this.host.dataset.hover = String(card.id);
    this.#placeRing(this.hoverRing, row);
  }

  #leave() {
    this.hoveredRow = -1;
    this.hoverRing.hidden = true;
    this.tooltip.hide();
    delete this.host.dataset.hover;
  }

  /**
   * @param {import("./polygon.js").Point[]} outline
   * @param {boolean} add to what is selected already
   */
  #select(outline, add) {
    const ids = rowsInside(this.#grid().screen, this.paint.shown, outline).map((row) => this.items.ids[row]);
    const before = add && this.selectedRows ? [...this.selectedRows].map((row) => this.items.ids[row]) : [];
    const all = new Set([...before, ...ids]);
    this.#focusOn({ selected: all.size ? encodeIdSet(all, this.request.items.idLimit) : null });
  }

  /** @param {{pinned?: number | null, selected?: string | null}} change */
  #focusOn(change) {
    const base = this.focus.source === this.request.source ? this.focus : { pinned: null, selected: null };
    if ("pinned" in change && change.pinned === base.pinned) return;
    this.focus = { ...base, ...change, source: this.request.source, serial: this.focus.serial + 1 };
    this.#repaint();
    this.onFocus(this.focus);
  }

  /** @param {import("./toolbar.js").Tool} tool */
  #setTool(tool) {
    memory.tool = tool;
    this.sheet.setTool(tool);
    if (this.paint) this.#showToolbar();
  }

  #zoomBelowSheet(/** @type {WheelEvent} */ event) {
    this.sheet.canvas.hidden = true;
    document.elementFromPoint(event.clientX, event.clientY)?.dispatchEvent(new WheelEvent("wheel", event));
    this.sheet.canvas.hidden = false;
  }

  async #watchImages() {
    const { images } = this;
    if (!images) return;
    try {
      await images.all;
      if (images !== this.images) return;
      this.host.dataset.images = images.address.revision;
      if (this.hoveredRow >= 0 && this.hoverEvent) this.#hover(this.hoverEvent);
    } catch (error) {
      this.fail(`The images could not be loaded: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * Say what went wrong where the plot is; the page stays alive.
   * @param {string} sentence
   */
  fail(sentence) {
    this.message.textContent = sentence;
    this.message.hidden = false;
  }

  /**
   * Where an item is on the screen, for tests and automation.
   * @param {number} id
   */
  placeOf(id) {
    const row = this.items.rowOf.get(id);
    const { screen } = this.#grid();
    const box = this.stage.getBoundingClientRect();
    return { x: screen.x[row] + box.left, y: screen.y[row] + box.top, depth: screen.depth[row] };
  }

  destroy() {
    this.observer.disconnect();
    this.pointer.destroy();
    this.tooltip.destroy();
    this.layer?.destroy();
    this.plot.destroy();
    cancelAnimationFrame(this.drawing);
    this.host.replaceChildren();
  }
}

/**
 * @param {URL} url
 * @returns {Promise<ArrayBuffer>}
 */
async function fetchBytes(url) {
  const response = await fetch(url);
  // Streamlit answers an unknown address with its own page, so the type is looked at too
  if (!response.ok || response.headers.get("content-type") !== "application/octet-stream") {
    throw new Error(response.ok ? "the server does not know this data; reload the page" : await response.text());
  }
  return response.arrayBuffer();
}
