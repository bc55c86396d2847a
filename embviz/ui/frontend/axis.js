/** The axis of two classes as a Streamlit component: a histogram of each, a mark for every item on the side
 * of the other class, and the weights of the pixels as an image. A click on a mark sends its id to Python. */

import { replaceKeepingFocus } from "./chrome/kept_focus.js";
import { newTurn } from "./chrome/turns.js";
import { histograms } from "./maths/histogram.js";
import { pointAt } from "./pointer/pointing.js";
import { fetchBytes } from "./state/arrays.js";
import { colorOn, readTheme, rgb } from "./state/theme.js";

const BINS = 60;
const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw the axis; Streamlit calls it on mount and after every change of data or theme.
 * @param {object} component
 * @param {import("./state/messages.js").AxisRequest} component.data
 * @param {HTMLElement} component.parentElement
 * @param {import("./state/messages.js").Tell<import("./state/messages.js").AxisAnswers>} component.setTriggerValue
 * @param {string} base address that all others are relative to
 */
export default function ({ data, parentElement, setTriggerValue }, base) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-axis"));
  const colors = data.colors.map((color) => colorOn(color, readTheme(host)));
  const isLatest = newTurn(host);
  const urls = [data.scores, data.sides, ...(data.weights ? [data.weights.url] : [])];
  Promise.all(urls.map((url) => fetchBytes(new URL(url, base)))).then(
    ([scores, sides, weights]) => {
      if (!isLatest()) return;
      const line = document.createElement("div");
      line.className = "embviz-axis-line";
      const { low, high, counts } = histograms(new Float32Array(scores), new Int32Array(sides), BINS);
      const at = (/** @type {number} */ score) => `${(100 * (score - low)) / (high - low)}%`;
      const zero = document.createElement("i");
      zero.style.left = at(0);
      line.append(bars(counts, colors), zero, ...data.marks.map((mark) => markOf(mark, at, colors)));
      for (const [place, mark] of [...line.querySelectorAll("button")].entries()) {
        const { id } = data.marks[place];
        mark.addEventListener("click", () => setTriggerValue("picked", [id]));
        for (const begin of ["pointerenter", "focus"]) {
          mark.addEventListener(begin, () => pointAt(data.pane, { id, box: mark.getBoundingClientRect() }));
        }
        for (const end of ["pointerleave", "blur"]) mark.addEventListener(end, () => pointAt(data.pane, null));
      }
      const ends = document.createElement("div");
      ends.className = "embviz-axis-ends";
      ends.append(...data.names.map((name, side) => endOf(name, side, colors[side])));
      /** @type {HTMLElement[]} */
      const parts = [line, ends];
      if (data.weights) parts.push(weightsOf(new Float32Array(weights), data.weights, colors, data.names));
      replaceKeepingFocus(host, parts);
      host.dataset.drawn = String(data.count);
    },
    (error) => {
      if (!isLatest()) return;
      console.error(error);
      host.textContent = `The axis could not be loaded: ${error.message}`;
    },
  );
}

/**
 * Bars of the first class upward and of the second downward, both on one scale.
 * @param {number[][]} counts
 * @param {string[]} colors
 */
function bars(counts, colors) {
  const most = Math.max(1, ...counts.flat());
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 -1 ${counts[0].length} 2`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  counts.forEach((heights, side) =>
    heights.forEach((count, bin) => {
      if (!count) return;
      const bar = document.createElementNS(SVG, "rect");
      const height = Math.max(0.02, count / most);
      const numbers = { x: bin + 0.05, y: side ? 0 : -height, width: 0.9, height };
      for (const [name, value] of Object.entries(numbers)) bar.setAttribute(name, String(value));
      bar.setAttribute("fill", colors[side]);
      svg.append(bar);
    }),
  );
  return svg;
}

/**
 * @param {import("./state/messages.js").MarkMessage} mark
 * @param {(score: number) => string} at
 * @param {string[]} colors
 */
function markOf(mark, at, colors) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.item = String(mark.id);
  button.dataset.side = String(mark.side);
  button.style.left = at(mark.score);
  button.style.background = colors[mark.side];
  button.setAttribute("aria-label", mark.name);
  return button;
}

/**
 * @param {string} name
 * @param {number} side
 * @param {string} color
 */
function endOf(name, side, color) {
  const end = document.createElement("span");
  const dot = document.createElement("i");
  dot.style.background = color;
  const text = document.createTextNode(side ? `${name} →` : `← ${name}`);
  end.append(...(side ? [text, dot] : [dot, text]));
  return end;
}

/**
 * The weights as an image: each pixel has the color of the class that a bright value there speaks for, and is more
 * opaque the stronger its weight is.
 * @param {Float32Array} weights of each pixel, of each of its colors where it has three
 * @param {{height: number, width: number, channels: number}} size
 * @param {string[]} colors
 * @param {string[]} names
 */
function weightsOf(weights, { height, width, channels }, colors, names) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  const sums = Array.from({ length: height * width }, (_, pixel) =>
    weights.subarray(pixel * channels, (pixel + 1) * channels).reduce((sum, weight) => sum + weight, 0),
  );
  const most = sums.reduce((largest, sum) => Math.max(largest, Math.abs(sum)), 0) || 1;
  const inks = colors.map(rgb);
  sums.forEach((sum, pixel) => {
    image.data.set(inks[sum > 0 ? 1 : 0], 4 * pixel);
    image.data[4 * pixel + 3] = (255 * Math.abs(sum)) / most;
  });
  context.putImageData(image, 0, 0);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Class that a bright value of each pixel speaks for: ${names[0]} or ${names[1]}`);
  return canvas;
}
