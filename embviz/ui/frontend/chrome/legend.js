/** The legend: one chip per category with its count; a click hides it, a double click isolates it. Numbers have a scale
 * with its range. A last chip selects the items that a classifier got wrong. */

import { button } from "./buttons.js";
import { briefCount, count } from "../texts/counts.js";
import { codesIn, scaleText } from "../state/coloring.js";
import { colorOn } from "../state/theme.js";

/**
 * @typedef {import("../state/messages.js").ColoringMessage} ColoringMessage
 * @typedef {import("../state/messages.js").LegendEntry} LegendEntry
 * @typedef {import("../state/theme.js").Theme} Theme
 */

/**
 * Codes that are hidden after a double click on `code`: all others, or none if it was isolated already. Pure.
 * @param {Set<number>} hidden
 * @param {number} code
 * @param {number[]} codes all there are
 * @returns {Set<number>}
 */
export function isolated(hidden, code, codes) {
  const others = codes.filter((other) => other !== code);
  const already = !hidden.has(code) && others.every((other) => hidden.has(other));
  return new Set(already ? [] : others);
}

/**
 * Codes that stay hidden after some have been shown again. Pure.
 * @param {Set<number>} hidden
 * @param {Set<number>} codes
 * @returns {Set<number>}
 */
export function shownWith(hidden, codes) {
  return new Set([...hidden].filter((code) => !codes.has(code)));
}

export class Legend {
  /**
   * @param {HTMLElement} host
   * @param {{onChange: (hidden: Set<number>) => void, onWrong: () => void}} actions
   */
  constructor(host, { onChange, onWrong }) {
    this.root = document.createElement("div");
    this.root.className = "embviz-legend";
    this.root.setAttribute("role", "group");
    host.append(this.root);
    this.onChange = onChange;
    this.title = document.createElement("span");
    this.title.className = "embviz-legend-title";
    /** @type {Map<number, HTMLButtonElement>} chip of each code */
    this.chips = new Map();
    this.wrong = button("embviz-chip embviz-chip-wrong", onWrong);
    this.wrong.title = "Select the items shown whose predicted class is not their label";
    /** @type {ColoringMessage | null} */
    this.coloring = null;
    /** @type {Set<number>} */
    this.hidden = new Set();
  }

  /**
   * @param {ColoringMessage | null} coloring null: all items look the same
   * @param {Theme} theme
   * @param {{hidden: Set<number>, lit: Set<number> | null, wrong: number | null}} state codes that are hidden; codes that
   *   have highlighted items, null where nothing is highlighted; items predicted to be of another class, null where no
   *   prediction is known
   */
  show(coloring, theme, { hidden, lit, wrong }) {
    this.hidden = hidden;
    if (coloring?.revision !== this.coloring?.revision || !this.wrong.parentElement) this.#build(coloring);
    this.coloring = coloring;
    this.wrong.hidden = wrong === null;
    this.wrong.disabled = wrong === 0;
    this.wrong.textContent = `wrong: ${count(wrong ?? 0)}`;
    this.title.replaceChildren(coloring?.name ?? "", ...(coloring?.scale ? scaleParts(coloring.scale, theme) : []));
    for (const entry of coloring?.entries ?? []) this.#showEntry(entry, theme, lit);
  }

  /** @param {ColoringMessage | null} coloring whose chips are there from now on */
  #build(coloring) {
    this.chips = new Map(coloring?.entries.map(({ code }) => [code, this.#chip(code)]));
    this.root.setAttribute("aria-label", `${coloring?.name ?? "Items"}: click hides, double click or the key i isolates`);
    this.root.replaceChildren(this.title, ...this.chips.values(), this.wrong);
  }

  /**
   * @param {LegendEntry} entry
   * @param {Theme} theme
   * @param {Set<number> | null} lit
   */
  #showEntry({ code, name, count: n, color }, theme, lit) {
    const chip = /** @type {HTMLButtonElement} */ (this.chips.get(code));
    const [swatch, label, items] = /** @type {HTMLElement[]} */ ([...chip.children]);
    const isHidden = this.hidden.has(code);
    swatch.style.background = colorOn(color, theme);
    label.textContent = name;
    items.textContent = count(n);
    items.dataset.brief = briefCount(n);
    chip.setAttribute("aria-pressed", String(!isHidden));
    chip.classList.toggle("embviz-faded", lit !== null && !lit.has(code));
    chip.title = `${name}, ${items.textContent} items: click to ${isHidden ? "show" : "hide"}, double click, or the key i, to isolate`;
  }

  /** @param {number} code */
  #chip(code) {
    const chip = button("embviz-chip", () => {
      const hidden = new Set(this.hidden);
      if (!hidden.delete(code)) hidden.add(code);
      this.onChange(hidden);
    });
    chip.dataset.code = String(code);
    chip.append(document.createElement("i"), document.createElement("b"), document.createElement("span"));
    // the two clicks before it cancel each other out
    const isolate = () => this.isolate(code);
    chip.addEventListener("dblclick", isolate);
    chip.addEventListener("keydown", ({ key }) => key === "i" && isolate());
    return chip;
  }

  /** @param {number} code hide all others, or show them again */
  isolate(code) {
    if (this.coloring) this.onChange(isolated(this.hidden, code, codesIn(this.coloring)));
  }
}

/**
 * The lowest number or date, the colors from there, and the highest.
 * @param {NonNullable<ColoringMessage["scale"]>} scale
 * @param {Theme} theme
 * @returns {HTMLElement[]}
 */
function scaleParts({ low, high, unit, colors }, theme) {
  const [from, bar, to] = ["b", "i", "b"].map((name) => document.createElement(name));
  [from.textContent, to.textContent] = [scaleText(low, { unit }), scaleText(high, { unit })];
  bar.style.background = `linear-gradient(to right, ${colors.map((color) => colorOn(color, theme)).join(", ")})`;
  return [from, bar, to];
}
