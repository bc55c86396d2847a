/** The legend: one chip per class with its count; a click hides the class, a double click isolates it. */

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
 * A count in four characters at most: 980, 1.1k, 70k. Pure.
 * @param {number} count
 */
export function briefCount(count) {
  if (count < 1000) return String(count);
  return count < 9950 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
}

export class Legend {
  /**
   * @param {HTMLElement} host
   * @param {(hidden: Set<number>) => void} onChange
   */
  constructor(host, onChange) {
    this.root = document.createElement("div");
    this.root.className = "embviz-legend";
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "Classes: click hides, double click isolates");
    host.append(this.root);
    this.onChange = onChange;
    /** @type {Set<number>} */
    this.hidden = new Set();
  }

  /**
   * @param {{names: string[], counts: number[], colors: string[], hidden: Set<number>, highlighted: number[] | null}} classes
   */
  show({ names, counts, colors, hidden, highlighted }) {
    this.hidden = hidden;
    if (this.root.children.length !== names.length) {
      this.root.replaceChildren(...names.map((_, code) => this.#chip(code, names.length)));
    }
    names.forEach((name, code) => {
      const chip = /** @type {HTMLButtonElement} */ (this.root.children[code]);
      const [swatch, label, count] = /** @type {HTMLElement[]} */ ([...chip.children]);
      swatch.style.background = colors[code];
      label.textContent = name;
      count.textContent = counts[code].toLocaleString("en-US");
      count.dataset.brief = briefCount(counts[code]);
      chip.setAttribute("aria-pressed", String(!hidden.has(code)));
      chip.classList.toggle("embviz-faded", highlighted !== null && !highlighted.includes(code));
      chip.title = `${name}, ${count.textContent} items: click to ${hidden.has(code) ? "show" : "hide"}, double click to isolate`;
    });
  }

  /**
   * @param {number} code
   * @param {number} classCount
   */
  #chip(code, classCount) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "embviz-chip";
    chip.dataset.code = String(code);
    chip.append(document.createElement("i"), document.createElement("b"), document.createElement("span"));
    chip.addEventListener("click", () => {
      const hidden = new Set(this.hidden);
      if (!hidden.delete(code)) hidden.add(code);
      this.onChange(hidden);
    });
    // the two clicks before it cancel each other out
    chip.addEventListener("dblclick", () => this.onChange(isolated(this.hidden, code, classCount)));
    return chip;
  }
}
