/**
 * The table of all class pairs as a Streamlit component: a cell's color shows its value, its tooltip interval and rank,
 * dots mark pairs whose rank cannot be told from that of the chosen pair, and a click chooses the pair.
 */

import { replaceKeepingFocus } from "./chrome/kept_focus.js";
import { mixed, readableOn } from "./maths/contrast.js";
import { readTheme, rgb } from "./state/theme.js";

const MOST = 15; // value in percent from which a cell has the full color, the same in every table
const STEPS = [0, 1, 5, 10, 15]; // values in percent that the legend shows

/**
 * The strength of a cell's color. It grows with the root of the value, as most pairs overlap by less than 1 %. Pure.
 * @param {number} value in percent
 * @returns {number} 0 to 1
 */
export function strength(value) {
  return Math.sqrt(Math.min(1, Math.max(0, value) / MOST));
}

/**
 * The text of a cell: its value, or its upper bound, rounded up, where no neighbor was counted. Pure.
 * @param {number} value in percent
 * @param {number | null} most in percent, null where some were counted
 * @returns {string}
 */
export function shown(value, most) {
  if (most !== null) return `≤${most <= 9.9 ? (Math.ceil(most * 10) / 10).toFixed(1) : Math.ceil(most)}`;
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/**
 * The tooltip of a cell, also read by screen readers: index, interval, rank. Pure.
 * @param {string} names of the two classes
 * @param {string} unit words after the percentage that say what it is a share of
 * @param {{value: number, most: number | null, low: number | null, high: number | null}} index in percent
 * @param {{rank: number, low: number, high: number, of: number} | null} place among all pairs
 * @param {string} alike names of the chosen pair if the ranks of the two pairs cannot be told apart, else empty
 * @returns {string}
 */
export function told(names, unit, index, place, alike) {
  const parts = [
    index.most === null
      ? `${names}: ${index.value.toFixed(2)} % ${unit}`
      : `${names}: no neighbor of the other class was seen, so at most ${index.most.toFixed(2)} % ${unit}`,
  ];
  if (index.low !== null && index.high !== null)
    parts.push(`95 % confidence interval ${index.low.toFixed(2)} to ${index.high.toFixed(2)} %`);
  if (place) parts.push(`rank ${place.rank} of ${place.of}, ranks ${place.low} to ${place.high} are possible`);
  if (alike) parts.push(`rank cannot be told from that of ${alike}`);
  return parts.join("; ");
}

/**
 * Draw the table; Streamlit calls it on mount and after every change of data or theme.
 * @param {object} component
 * @param {import("./state/messages.js").HeatmapRequest} component.data
 * @param {HTMLElement} component.parentElement
 * @param {import("./state/messages.js").Tell<import("./state/messages.js").HeatmapAnswers>} component.setTriggerValue
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-heatmap"));
  const { names, values, pair, words } = data;
  const key = (/** @type {number} */ a, /** @type {number} */ b) => `${Math.min(a, b)} ${Math.max(a, b)}`;
  const places = new Map(
    data.ranks.map(([a, b, rank, low, high]) => [key(a, b), { rank, low, high, of: data.ranks.length }]),
  );
  const alike = new Set(data.alike.map(([a, b]) => key(a, b)));
  const theme = readTheme(host);
  const accent = rgb(theme.accent);
  const paintCell = (/** @type {HTMLElement} */ cell, /** @type {number} */ value) => {
    const ground = mixed(rgb(theme.background), accent, 0.06 + 0.94 * strength(value));
    cell.style.background = `rgb(${ground.join(" ")})`;
    cell.style.color = `rgb(${readableOn(ground, theme.ink).join(" ")})`;
  };
  const head = (/** @type {string} */ name) => {
    const cell = document.createElement("div");
    cell.textContent = cell.title = name;
    return cell;
  };
  const pairCell = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ value) => {
    const cell = document.createElement("button");
    cell.type = "button";
    cell.dataset.pair = `${a} ${b}`;
    paintCell(cell, value);
    cell.textContent = shown(value, data.most[a][b]);
    const chosen = alike.has(key(a, b)) ? `${names[pair[0]]} and ${names[pair[1]]}` : "";
    const index = { value, most: data.most[a][b], low: data.lows[a][b], high: data.highs[a][b] };
    cell.title = told(`${names[a]} ${words.between} ${names[b]}`, words.unit, index, places.get(key(a, b)) ?? null, chosen);
    cell.toggleAttribute("data-alike", Boolean(chosen));
    cell.toggleAttribute("data-most", data.most[a][b] !== null);
    cell.setAttribute("aria-label", cell.title);
    cell.setAttribute("aria-pressed", String(pair.includes(a) && pair.includes(b)));
    cell.addEventListener("click", () => setTriggerValue("pair", [a, b]));
    return cell;
  };
  /** @type {HTMLElement[]} */
  const cells = [head(""), ...names.map(head)];
  names.forEach((name, a) => {
    cells.push(head(name));
    for (const [b, value] of values[a].entries()) cells.push(value === null ? head("") : pairCell(a, b, value));
  });
  const table = document.createElement("div");
  table.className = "embviz-heatmap-cells";
  table.style.gridTemplateColumns = `repeat(${names.length + 1}, minmax(22px, 1fr))`;
  table.append(...cells);
  replaceKeepingFocus(host, [table, legend(paintCell, words)]);
}

/**
 * The line below the table that says what the colors mean.
 * @param {(cell: HTMLElement, value: number) => void} paintCell
 * @param {import("./state/messages.js").HeatmapWords} words
 * @returns {HTMLElement}
 */
function legend(paintCell, words) {
  const line = document.createElement("div");
  line.className = "embviz-heatmap-legend";
  const steps = STEPS.map((value) => {
    const step = document.createElement("span");
    step.textContent = value < MOST ? String(value) : `≥ ${value} %`;
    paintCell(step, value);
    return step;
  });
  line.append(words.least, ...steps, words.most);
  return line;
}
