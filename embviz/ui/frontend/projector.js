/** The projector: keeps picture, hover, legend and selection in step with what Python asks for. */

import { ArrayLoader } from "./state/arrays.js";
import { FocusKeeper } from "./state/focus.js";
import { Hover } from "./pointer/hover.js";
import { Images } from "./state/images.js";
import { OutlineSheet } from "./pointer/lasso.js";
import { Colors } from "./plot/colors.js";
import { decodeColoring, legendKey } from "./state/coloring.js";
import { Labels } from "./pointer/labels.js";
import { Legend, shownWith } from "./chrome/legend.js";
import { LinkedPane } from "./linked.js";
import { Marking, pairRows } from "./pointer/marking.js";
import { memoryOf } from "./state/memory.js";
import { Message } from "./chrome/message.js";
import { paint } from "./plot/paint.js";
import { fitPaper } from "./chrome/paper.js";
import { Picture } from "./plot/picture.js";
import { PlotKeys } from "./plot_keys.js";
import { PointerWatch } from "./pointer/pointer.js";
import { onPointed } from "./pointer/pointing.js";
import { decodeIdSet, decodeItems, encodeIdSet } from "./state/protocol.js";
import { selectedRows } from "./crowd/selected.js";
import { RunWatch } from "./run/run.js";
import { combined, wrongRows } from "./state/selection.js";
import { Shortcuts } from "./chrome/shortcuts.js";
import { readTheme } from "./state/theme.js";
import { showStatus } from "./status.js";
import { Toolbar } from "./chrome/toolbar.js";

const HOVER_MILLISECONDS = 80; // how often it is looked what moves under a pointer that stands still

/**
 * @typedef {import("./state/messages.js").Request} Request
 * @typedef {import("./state/messages.js").FocusMessage} Focus as Python is told it
 */

export class Projector {
  /**
   * @param {HTMLElement} host
   * @param {Request} request
   */
  constructor(host, request) {
    this.host = host;
    this.memory = memoryOf(request.pane, request.link !== null);
    this.toolbar = new Toolbar(host, {
      onTool: (tool) => this.#setTool(tool),
      onReset: () => this.picture.plot.views.reset(),
      onClear: () => this.focus.change({ selected: null }),
      onShowAll: () => this.legend.onChange(new Set()),
      onUndo: () => this.focus.undo(),
      onHelp: () => this.keys.help.open(),
      onLook: (look) => this.picture.showLook(look),
    });
    this.stage = Object.assign(document.createElement("div"), { className: "embviz-stage" });
    host.append(this.stage);
    this.picture = new Picture(this.stage, new URL(request.plotly, request.base).href, this.memory, {
      onDrawn: (moved) => this.#drawn(moved),
      onSentence: (sentence) => this.fail(sentence),
    });
    this.sight = this.picture.sight;
    this.run = new RunWatch(host, this.picture, this.memory, (sentence) => this.fail(sentence));
    this.legend = new Legend(host, {
      onChange: (hidden) => {
        this.memory.hidden.set(this.legendKey, hidden);
        this.linked.link.tell("hidden", { legend: this.legendKey, codes: hidden });
        this.repaint();
      },
      onWrong: () => this.#selectRows(this.#wrong() ?? [], "replace"),
    });
    this.hover = new Hover(host, this.stage, this.sight);
    this.hover.onError = this.#imagesFailed;
    this.marking = new Marking(this.stage, this.picture);
    this.labels = new Labels(this.stage);
    this.message = new Message(this.stage);
    this.sheet = new OutlineSheet(this.stage, (outline, mode) => this.#selectRows(this.sight.rowsInside(outline), mode));
    this.shortcuts = new Shortcuts(host, {
      "let go": () => (this.sheet.isDrawing ? this.sheet.cancel() : this.focus.letGo(this.marking.pair !== null)),
      undo: () => this.focus.undo(),
      redo: () => this.focus.redo(),
    });
    this.pointer = new PointerWatch(this.stage, {
      onHover: (event) => this.#hover(event),
      onLeave: () => this.hover.leave(),
      onClick: (event) => this.pin(this.#rowAt(event)),
      onDoubleClick: (event) => this.#rowAt(event) < 0 && this.picture.plot.views.reset(),
    });
    this.keys = new PlotKeys(this);
    this.loader = new ArrayLoader();
    this.observer = new ResizeObserver(() => this.picture.plot.resize());
    this.observer.observe(this.stage);
    this.forgetPaper = fitPaper(host, () => this.picture.copied());
    /** @type {(focus: Focus) => void} */
    this.onFocus = () => {};
    this.stopListening = onPointed(request.pane, (pointed) => this.hover.showCard(pointed, this));
    this.request = request;
    this.focus = new FocusKeeper(request.focus);
    this.focus.onChange = (focus) => {
      this.repaint();
      this.linked.link.tell("focus", focus);
      this.onFocus(focus);
    };
    this.linked = new LinkedPane(this);
    /** The classes and items highlighted last. */
    this.chosen = { source: "", classes: "null", pair: "null" };
    this.hovered = 0;
    this.mark = "";
    this.destroyed = false;
    this.theme = readTheme(host);
    this.items = decodeItems(new ArrayBuffer(0));
    this.order = new Uint32Array(0);
    this.coords = new Float32Array(0);
    this.lines = new Uint32Array(0);
    /** Texts that items are labeled with; null for none. @type {string[] | null} */
    this.texts = null;
    /** @type {Images | null} */
    this.images = null;
    this.colors = new Colors(null, decodeColoring(null, null, 0), this.theme);
    this.legendKey = "";
    /** @type {import("./crowd/selected.js").Selected | null} */
    this.selected = null;
    /** @type {import("./plot/paint.js").Paint | null} null before the first update */
    this.paint = null;
  }

  /**
   * Show what Python asks for; fetches only what is new.
   * @param {Request} request
   */
  async update(request) {
    this.theme = readTheme(this.host);
    const { items, order, coloring, texts, lines, coords: finished } = await this.loader.load(request);
    const coords = await this.run.coordsOf(request, finished);
    if (this.destroyed || !coords) return; // no coordinates: the run was dropped, and another request is on its way
    const isRested = items === this.items && coords === this.coords && (this.pointer.still || this.stage.matches(":focus"));
    if (!isRested) this.hover.leave(); // what is shown is of other rows, or of a card that may be gone
    Object.assign(this, { request, items, order, coords, texts, lines });
    this.linked.show(request);
    this.colors = new Colors(request.coloring, coloring, this.theme);
    this.legendKey = legendKey(request.source, request.coloring);
    this.#showChosen();
    this.focus.takeFrom(request.session, request.focus);
    this.images = request.images ? Images.at(request.images, request.base) : null;
    this.message.clear();
    this.#paint();
    await this.#showPicture();
    if (this.destroyed) return;
    this.hover.again(this);
    this.#setTool(this.memory.tool);
    this.keys.show();
    this.picture.showLook(this.memory.look);
    this.mark = `${request.items.count}/${request.coords.dims}/${request.coords.revision}`;
    this.run.show(request, coords);
    this.#watchImages();
    await this.marking.approach(this.linked.leads);
  }

  /** Show hidden classes again if they, or a closest pair of their items, have just been chosen. */
  #showChosen() {
    const { source, highlighted, focus } = this.request;
    const before = this.chosen;
    this.chosen = { source, classes: String(highlighted), pair: String(focus.pair) };
    const isOther = source !== before.source || this.chosen.classes !== before.classes;
    if (!highlighted || !(isOther || (focus.pair && this.chosen.pair !== before.pair))) return;
    this.memory.hidden.set(this.legendKey, shownWith(this.hiddenCodes(), this.colors.codesWhere((row) => this.#isHighlighted(row))));
  }

  #showPicture() {
    const { request, items, coords, theme, colors, images, lines } = this;
    const { revision, dims, axes, scaled } = request.coords;
    const scene = { revision: request.run?.place ?? revision, coords, dims, axes, scaled, svg: null };
    const paint = /** @type {import("./plot/paint.js").Paint} */ (this.paint);
    return this.picture.show({ scene, layout: revision, items, paint, theme, colors, images, revision: request.items.revision, lines });
  }

  hiddenCodes() {
    return this.memory.hidden.get(this.legendKey) ?? new Set();
  }

  #isHighlighted(/** @type {number} */ row) {
    return this.request.highlighted?.includes(this.items.labels[row]) ?? true;
  }

  /** Draw anew after what is hidden, pinned or selected has changed here. */
  repaint() {
    this.picture.repaint(this.#paint(), this.colors);
  }

  /** Set the colors, the drawing order and the legend. */
  #paint() {
    const { items, request, theme, focus, colors } = this;
    this.selected = selectedRows(focus.now.selected, items);
    const isHighlighted = (/** @type {number} */ row) => this.#isHighlighted(row);
    const chosen = pairRows(this, focus.now) ? null : this.selected?.mask; // the two keep the colors of their classes
    const hidden = this.hiddenCodes();
    this.paint = paint({
      coloring: colors.coloring,
      palette: colors.palette,
      order: this.order,
      hidden,
      standsOut: chosen ? (row) => chosen[row] === 1 : request.highlighted && isHighlighted,
      dimmed: theme.dimmed,
    });
    const lit = request.highlighted && colors.codesWhere(isHighlighted);
    this.legend.show(request.coloring, theme, { hidden, lit, wrong: this.#wrong()?.length ?? null });
    this.marking.show(this, focus.now);
    const labeled = this.texts && [this.marking.pinned, this.marking.held, ...(this.selected?.rows ?? [])];
    this.labels.show(this.texts, [...new Set(labeled)].filter((row) => row >= 0), items.ids);
    showStatus(this);
    return this.paint;
  }

  /** @returns {number[] | null} rows shown whose prediction is not their label */
  #wrong() {
    return wrongRows(this.items, this.paint?.shown ?? []);
  }

  /** @param {boolean} moved whether points are elsewhere than in the drawing before */
  #drawn(moved) {
    this.hover.place();
    this.marking.place();
    this.labels.place(this.sight);
    if (!this.picture.motion.isMoving || this.run.feed) this.host.dataset.painted = this.mark;
    const now = performance.now();
    if (!moved || !this.pointer.still || now - this.hovered < HOVER_MILLISECONDS) return;
    this.hovered = now;
    this.#hover(this.pointer.still);
  }

  #rowAt(/** @type {PointerEvent} */ event) {
    const box = this.stage.getBoundingClientRect();
    return this.sight.rowAt(event.clientX - box.left, event.clientY - box.top);
  }

  /** @param {number} row -1 pins nothing */
  pin(row) {
    this.focus.change({ pinned: row < 0 ? null : this.items.ids[row] });
  }

  #hover(/** @type {PointerEvent} */ event) {
    if (event.pointerType !== "touch") this.hover.show(this.#rowAt(event), { x: event.clientX, y: event.clientY }, this); // a tap pins
  }

  /**
   * @param {number[]} rows
   * @param {import("./state/selection.js").Mode} mode
   */
  #selectRows(rows, mode) {
    const inside = rows.map((row) => this.items.ids[row]);
    const ids = mode === "replace" ? inside : [...combined(decodeIdSet(this.focus.now.selected ?? ""), inside, mode)];
    this.focus.change({ selected: ids.length ? encodeIdSet(ids, this.request.items.idLimit) : null });
  }

  /** @param {import("./chrome/toolbar.js").Tool} tool */
  #setTool(tool) {
    this.memory.tool = tool;
    this.sheet.setTool(tool);
    if (this.paint) showStatus(this);
  }

  async #watchImages() {
    const { images } = this;
    if (!images) return;
    try {
      await images.all;
      if (images !== this.images) return;
      this.host.dataset.images = images.address.revision;
      this.hover.again(this);
      if (this.marking.pair) this.repaint();
    } catch (error) {
      this.#imagesFailed(/** @type {Error} */ (error));
    }
  }

  #imagesFailed = (/** @type {Error} */ { message }) => this.fail(`The images could not be loaded: ${message}`);

  /**
   * Say what went wrong where the plot is; the page stays alive.
   * @param {string} sentence
   */
  fail(sentence) {
    this.message.say(sentence);
  }

  destroy() {
    this.destroyed = true;
    this.observer.disconnect();
    this.stopListening();
    this.shortcuts.destroy();
    this.linked.destroy();
    this.keys.destroy();
    this.toolbar.look.destroy();
    this.forgetPaper();
    this.pointer.destroy();
    this.hover.destroy();
    this.run.destroy();
    this.picture.destroy();
    this.host.replaceChildren();
  }
}
