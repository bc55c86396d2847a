/** The legend: one chip per class with its count; a click hides the class, a double click isolates it. At its end what
 * a classifier got wrong, and how many classes are hidden. */

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
    this.showAll = button("embviz-chip embviz-show-all", () => onChange(new Set()));
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
      this.root.replaceChildren(...this.chips, this.wrong, this.showAll);
    }
    const hiddenCount = names.filter((_, code) => hidden.has(code)).length;
    this.showAll.hidden = hiddenCount === 0;
    this.showAll.textContent = `${hiddenCount} hidden · Show all`;
    this.wrong.hidden = wrong === null;
    this.wrong.disabled = wrong === 0;
    this.wrong.textContent = `wrong: ${(wrong ?? 0).toLocaleString("en-US")}`;
    this.wrong.title = "Select the items shown whose predicted class is not their label";
    names.forEach((name, code) => {
      const chip = this.chips[code];
      const [swatch, label, count] = /** @type {HTMLElement[]} */ ([...chip.children]);
      swatch.style.background = colors[code];
      label.textContent = name;
      count.textContent = counts[code].toLocaleString("en-US");
      count.dataset.brief = briefCount(counts[code]);
      chip.setAttribute("aria-pressed", String(!hidden.has(code)));
      chip.classList.toggle("embviz-faded", highlighted !== null && !highlighted.includes(code));
      chip.title = `${name}, ${count.textContent} items: click to ${hidden.has(code) ? "show" : "hide"}, double click, or the key i, to isolate`;
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

/**
 * @param {string} className
 * @param {() => void} onClick
 */
function button(className, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.addEventListener("click", onClick);
  return made;
}
