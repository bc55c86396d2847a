/** The table of all class pairs as a Streamlit component: a cell's color is its value; a click chooses the pair. */

import { readTheme, rgb } from "./theme.js";

/**
 * @param {object} component
 * @param {{names: string[], values: (number | null)[][], pair: number[]}} component.data values: percent, null where undefined
 * @param {HTMLElement} component.parentElement
 * @param {(name: string, value: unknown) => void} component.setTriggerValue
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-heatmap"));
  const { names, values, pair } = data;
  const theme = readTheme(host);
  const accent = rgb(getComputedStyle(host).getPropertyValue("--st-primary-color") || "#2f6fdb");
  const most = Math.max(...values.flat().map((value) => value ?? 0), 1e-9);
  host.style.gridTemplateColumns = `repeat(${names.length + 1}, minmax(22px, 1fr))`;
  const head = (/** @type {string} */ name) => {
    const cell = document.createElement("div");
    cell.textContent = cell.title = name;
    return cell;
  };
  /** @type {HTMLElement[]} */
  const cells = [head(""), ...names.map(head)];
  const pairCell = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ value) => {
    const cell = document.createElement("button");
    const strength = Math.sqrt(value / most);
    cell.type = "button";
    cell.dataset.pair = `${a} ${b}`;
    cell.style.background = `rgb(${accent.join(" ")} / ${0.06 + 0.94 * strength})`;
    if (strength > 0.62) cell.style.color = theme.background;
    cell.textContent = value < 9.95 ? value.toFixed(1) : value.toFixed(0);
    cell.title = `${names[a]} and ${names[b]}: ${value.toFixed(2)} % of thoroughly mixed`;
    cell.setAttribute("aria-label", cell.title);
    cell.setAttribute("aria-pressed", String(pair.includes(a) && pair.includes(b)));
    cell.addEventListener("click", () => setTriggerValue("pair", [a, b]));
    return cell;
  };
  names.forEach((name, a) => {
    cells.push(head(name));
    for (const [b, value] of values[a].entries()) cells.push(value === null ? head("") : pairCell(a, b, value));
  });
  host.replaceChildren(...cells);
}
