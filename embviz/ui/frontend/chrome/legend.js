/** The legend: one chip per class with its count; a click hides the class, a double click isolates it. At its end what
 * a classifier got wrong. */

import { button } from "./buttons.js";
import { briefCount, count } from "../state/counts.js";

/**
 * What is hidden after a double click on `code`: all others, or nothing if it was isolated already. Pure.
 * @param {Set<number>} hidden
 * @param {number} code
 * @param {number} classCount
 * @returns {Set<number>}
 */
export function isolated(hidden, code, classCount) {
  const others = Array.from({ length: classCount }, (_, other) => other).filter((other) => other !== code);
  const already = !hidden.has(code) && others.every((other) => hidden.has(other));
  return new Set(already ? [] : others);
}

/**
 * What is hidden once these classes are to be seen. Pure.
 * @param {Set<number>} hidden
 * @param {number[]} codes
 * @returns {Set<number>}
 */
export function shownWith(hidden, codes) {
  return new Set([...hidden].filter((code) => !codes.includes(code)));
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
    this.root.setAttribute("aria-label", "Classes: click hides, double click or the key i isolates");
    host.append(this.root);
    this.onChange = onChange;
    /** @type {HTMLButtonElement[]} */
    this.chips = [];
    this.wrong = button("embviz-chip embviz-chip-wrong", onWrong);
    /** @type {Set<number>} */
    this.hidden = new Set();
  }

  /**
   * @param {{names: string[], counts: number[], colors: string[], hidden: Set<number>, highlighted: number[] | null,
   *   wrong: number | null}} classes wrong: items predicted to be of another class; null where no prediction is known
   */
  show({ names, counts, colors, hidden, highlighted, wrong }) {
    this.hidden = hidden;
    if (this.chips.length !== names.length) {
      this.chips = names.map((_, code) => this.#chip(code, names.length));
      this.root.replaceChildren(...this.chips, this.wrong);
    }
    this.wrong.hidden = wrong === null;
    this.wrong.disabled = wrong === 0;
    this.wrong.textContent = `wrong: ${count(wrong ?? 0)}`;
    this.wrong.title = "Select the items shown whose predicted class is not their label";
    names.forEach((name, code) => {
      const chip = this.chips[code];
      const [swatch, label, items] = /** @type {HTMLElement[]} */ ([...chip.children]);
      swatch.style.background = colors[code];
      label.textContent = name;
      items.textContent = count(counts[code]);
      items.dataset.brief = briefCount(counts[code]);
      chip.setAttribute("aria-pressed", String(!hidden.has(code)));
      chip.classList.toggle("embviz-faded", highlighted !== null && !highlighted.includes(code));
      chip.title = `${name}, ${items.textContent} items: click to ${hidden.has(code) ? "show" : "hide"}, double click, or the key i, to isolate`;
    });
  }

  /**
   * @param {number} code
   * @param {number} classCount
   */
  #chip(code, classCount) {
    const chip = button("embviz-chip", () => {
      const hidden = new Set(this.hidden);
      if (!hidden.delete(code)) hidden.add(code);
      this.onChange(hidden);
    });
    chip.dataset.code = String(code);
    chip.append(document.createElement("i"), document.createElement("b"), document.createElement("span"));
    // the two clicks before it cancel each other out
    const isolate = () => this.onChange(isolated(this.hidden, code, classCount));
    chip.addEventListener("dblclick", isolate);
    chip.addEventListener("keydown", ({ key }) => key === "i" && isolate());
    return chip;
  }
}
