/** The projector: keeps picture, hover, legend and selection in step with what Python asks for. */

import { ArrayLoader } from "./arrays.js";
import { Hover } from "./hover.js";
import { Images } from "./images.js";
import { OutlineSheet } from "./lasso.js";
import { Legend } from "./legend.js";
import { memory } from "./memory.js";
import { paint } from "./paint.js";
import { Picture } from "./picture.js";
import { PointerWatch } from "./pointer.js";
import { decodeIdSet, decodeItems, encodeIdSet } from "./protocol.js";
import { Ring } from "./rings.js";
import { RunWatch } from "./run.js";
import { readTheme, rgb } from "./theme.js";
import { statusLine, Toolbar } from "./toolbar.js";

const HOVER_MILLISECONDS = 80; // how often it is looked what moves under a pointer that stands still

/**
 * @typedef {import("./protocol.js").Request} Request
 * @typedef {import("./protocol.js").Focus} Focus
 */

export class Projector {
  /**
   * @param {HTMLElement} host
   * @param {Request} request
   */
  constructor(host, request) {
    this.host = host;
    this.toolbar = new Toolbar(host, {
      onTool: (tool) => this.#setTool(tool),
      onReset: () => this.picture.plot.reset(),
      onClear: () => this.#focusOn({ selected: null }),
    });
    this.stage = document.createElement("div");
    this.stage.className = "embviz-stage";
    host.append(this.stage);
    this.message = document.createElement("p");
    this.message.className = "embviz-message";
    this.message.hidden = true;
    this.picture = new Picture(this.stage, new URL(request.plotly, request.base).href, {
      onDrawn: (moved) => this.#drawn(moved),
      onSentence: (sentence) => this.fail(sentence),
    });
    this.sight = this.picture.sight;
    this.run = new RunWatch(host, this.picture, (sentence) => this.fail(sentence));
    this.legend = new Legend(host, (hidden) => {
      memory.hidden.set(this.request.source, hidden);
      this.#repaint();
    });
    this.hover = new Hover(host, this.stage);
    this.pinRing = new Ring(this.stage, "pin");
    this.stage.append(this.message);
    this.sheet = new OutlineSheet(this.stage, (outline, add) => this.#select(outline, add));
    this.pointer = new PointerWatch(this.stage, {
      onHover: (event) => this.#hover(event),
      onLeave: () => this.hover.leave(),
      onClick: (event) => this.#focusOn({ pinned: this.#idAt(event) }),
      onDoubleClick: (event) => {
        if (this.#rowAt(event) < 0) this.picture.plot.reset();
      },
    });
    this.loader = new ArrayLoader();
    this.observer = new ResizeObserver(() => this.picture.plot.resize());
    this.observer.observe(this.stage);
    /** @type {(focus: Focus) => void} */
    this.onFocus = () => {};
    this.request = request;
    /** @type {Focus} */
    this.focus = request.focus;
    this.hovered = 0;
    this.mark = "";
    this.destroyed = false;
    this.theme = readTheme(host);
    this.items = decodeItems(new ArrayBuffer(0));
    this.order = new Uint32Array(0);
    this.coords = new Float32Array(0);
    /** @type {Images | null} */
    this.images = null;
    /** @type {number[][]} */
    this.palette = [];
    /** @type {number[]} */
    this.plain = [];
    /** @type {Set<number> | null} */
    this.selectedRows = null;
    /** @type {import("./paint.js").Paint | null} null before the first update */
    this.paint = null;
  }

  /**
   * Show what Python asks for; fetches only what is new.
   * @param {Request} request
   */
  async update(request) {
    this.theme = readTheme(this.host);
    const { items, order, coords: finished } = await this.loader.load(request);
    const coords = await this.run.coordsOf(request, finished);
    if (this.destroyed || !coords) return; // no coordinates: the run was dropped, and another request is on its way
    this.hover.leave();
    Object.assign(this, { request, items, order, coords });
    if (request.focus.source !== this.focus.source || request.focus.serial >= this.focus.serial) this.focus = request.focus;
    this.images = request.images ? Images.at(request.images, request.base) : null;
    this.palette = request.classes.map(({ color }) => rgb(color));
    this.plain = rgb(getComputedStyle(this.host).getPropertyValue("--st-primary-color") || "#2f6fdb");
    this.message.hidden = true;
    this.#paint();
    await this.#showPicture();
    if (this.destroyed) return;
    this.#setTool(memory.tool);
    this.mark = `${request.items.count}/${request.coords.dims}/${request.coords.revision}`;
    this.run.show(request, coords);
    this.#watchImages();
  }

  #showPicture() {
    const { request, items, coords, theme } = this;
    const { revision, dims, axes, scaled } = request.coords;
    const scene = { revision: request.run?.place ?? revision, coords, dims, axes, scaled, svg: null };
    return this.picture.show({ scene, layout: revision, items, paint: /** @type {import("./paint.js").Paint} */ (this.paint), theme });
  }

  #hidden() {
    return memory.hidden.get(this.request.source) ?? new Set();
  }

  /** After what is hidden, pinned or selected has changed here. */
  #repaint() {
    this.picture.repaint(this.#paint());
  }

  /** Colors, layers and legend. */
  #paint() {
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
    this.legend.show({
      names: request.classes.map(({ name }) => name),
      counts: request.classes.map(({ count }) => count),
      colors: request.classes.map(({ color }) => color),
      hidden: this.#hidden(),
      highlighted: request.highlighted,
    });
    this.#showToolbar();
    return this.paint;
  }

  #showToolbar() {
    const { request } = this;
    const status = statusLine({
      selected: this.selectedRows?.size ?? 0,
      highlighted: request.highlighted?.map((code) => request.classes[code].name) ?? [],
      dimmed: this.paint?.behind.length ?? 0,
    });
    this.toolbar.show({ tool: memory.tool, dims: request.coords.dims, status, hasSelection: this.selectedRows !== null });
    this.host.dataset.selected = String(this.selectedRows?.size ?? 0);
    this.host.dataset.asked = String(request.isAsked);
    this.host.dataset.pinned = String(this.#pinnedId() ?? "");
  }

  #pinnedId() {
    return this.focus.source === this.request.source ? this.focus.pinned : null;
  }

  /** @param {boolean} moved whether points are elsewhere than in the drawing before */
  #drawn(moved) {
    const pinned = this.#pinnedId();
    this.#placeRing(this.pinRing, pinned === null ? -1 : (this.items.rowOf.get(pinned) ?? -1));
    this.#placeRing(this.hover.ring, this.hover.row);
    if (!this.picture.motion.isMoving || this.run.feed) this.host.dataset.painted = this.mark;
    const now = performance.now();
    if (!moved || !this.pointer.still || now - this.hovered < HOVER_MILLISECONDS) return;
    this.hovered = now;
    this.#hover(this.pointer.still);
  }

  /**
   * @param {Ring} ring
   * @param {number} row -1 hides it
   */
  #placeRing(ring, row) {
    ring.show(row < 0 || this.#hidden().has(this.items.codes[row]) ? null : this.sight.placeOf(row));
  }

  #rowAt(/** @type {PointerEvent} */ event) {
    const box = this.stage.getBoundingClientRect();
    return this.sight.rowAt(event.clientX - box.left, event.clientY - box.top);
  }

  #idAt(/** @type {PointerEvent} */ event) {
    const row = this.#rowAt(event);
    return row < 0 ? null : this.items.ids[row];
  }

  #hover(/** @type {PointerEvent} */ event) {
    if (event.pointerType === "touch") return; // a tap pins
    const row = this.#rowAt(event);
    if (row < 0) return this.hover.leave();
    const { items, request } = this;
    const known = request.classes[items.codes[row]];
    const predicted = request.classes[items.predictions[row]];
    const fact = `#${items.ids[row]}` + (predicted ? ` · predicted ${predicted.name}` : "");
    const card = { id: items.ids[row], label: known?.name ?? "", color: known?.color ?? "transparent", fact };
    this.hover.show(row, event, card, this.images, this.theme);
    this.#placeRing(this.hover.ring, row);
  }

  /**
   * @param {import("./polygon.js").Point[]} outline
   * @param {boolean} add to what is selected already
   */
  #select(outline, add) {
    const ids = this.sight.rowsInside(outline).map((row) => this.items.ids[row]);
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

  async #watchImages() {
    const { images } = this;
    if (!images) return;
    try {
      await images.all;
      if (images !== this.images) return;
      this.host.dataset.images = images.address.revision;
      if (this.hover.event) this.#hover(this.hover.event);
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

  destroy() {
    this.destroyed = true;
    this.observer.disconnect();
    this.pointer.destroy();
    this.hover.destroy();
    this.run.destroy();
    this.picture.destroy();
    this.host.replaceChildren();
  }
}
