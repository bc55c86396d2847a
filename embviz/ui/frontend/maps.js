/** Small maps of the items of two classes, one for each feature space, as a Streamlit component: an item pointed at in
 * one is ringed in all of them and shown by the projector, and a click sends its id to Python. */

import { newTurn } from "./chrome/turns.js";
import { nearest, placed } from "./maths/small_map.js";
import { pointAt } from "./pointer/pointing.js";
import { fetchBytes } from "./state/arrays.js";
import { shuffledRows } from "./maths/shuffled.js";
import { colorOn, readTheme } from "./state/theme.js";

const SIDE = 100; // of a map, in its own units; CSS says how large it is
const SHARP = 4; // pixels of the canvas per unit
const NEAR = 9; // units within which a point is pointed at
const RADIUS = 1.3;
const MARGIN = 6;

/**
 * @typedef {object} SmallMap
 * @property {string} title
 * @property {string} url of the coordinates: float32, x and y of each item
 * @property {HTMLElement} figure
 * @property {Float32Array} places in units
 */

/**
 * Draw the maps; Streamlit calls it on mount and after every change of data or theme.
 * @param {object} component
 * @param {import("./state/messages.js").MapsRequest} component.data
 * @param {HTMLElement} component.parentElement
 * @param {import("./state/messages.js").Tell<import("./state/messages.js").MapsAnswers>} component.setTriggerValue
 * @param {string} base address that all others are relative to
 */
export default function ({ data, parentElement, setTriggerValue }, base) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-maps"));
  const maps = data.maps.map((map) => ({ ...map, figure: figureOf(map.title), places: new Float32Array() }));
  host.style.gridTemplateColumns = `repeat(${Math.min(3, maps.length)}, minmax(0, 1fr))`;
  host.replaceChildren(...maps.map(({ figure }) => figure));
  const isLatest = newTurn(host);
  const addresses = [data.items, ...maps.map(({ url }) => url)];
  Promise.all(addresses.map((url) => fetchBytes(new URL(url, base)))).then(
    ([items, ...coords]) => {
      if (!isLatest()) return;
      const numbers = new Int32Array(items);
      const [ids, sides] = [numbers.subarray(0, data.count), numbers.subarray(data.count)];
      const colors = data.colors.map((color) => colorOn(color, readTheme(host)));
      maps.forEach((map, at) => draw(map, new Float32Array(coords[at]), sides, colors));
      const ring = (/** @type {string} */ kind, /** @type {number} */ row) => {
        for (const { figure, places } of maps) moveRing(figure, kind, places, row);
      };
      ring("pinned", data.pinned === null ? -1 : ids.indexOf(data.pinned));
      for (const map of maps) {
        const stage = /** @type {HTMLElement} */ (map.figure.firstElementChild);
        const rowAt = (/** @type {PointerEvent | MouseEvent} */ event) => {
          const box = stage.getBoundingClientRect();
          const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
          return nearest(map.places, SIDE * x, SIDE * y, NEAR);
        };
        stage.addEventListener("pointermove", (event) => {
          const row = rowAt(event);
          ring("pointed", row);
          pointAt(data.pane, row < 0 ? null : { id: ids[row], box: stage.getBoundingClientRect() });
        });
        stage.addEventListener("pointerleave", () => {
          ring("pointed", -1);
          pointAt(data.pane, null);
        });
        stage.addEventListener("click", (event) => {
          const row = rowAt(event);
          if (row >= 0) setTriggerValue("picked", [ids[row]]);
        });
      }
      host.dataset.drawn = String(data.count);
    },
    (error) => {
      if (!isLatest()) return;
      console.error(error);
      host.textContent = `The maps could not be loaded: ${error.message}`;
    },
  );
}

/**
 * @param {string} title
 * @returns {HTMLElement}
 */
function figureOf(title) {
  const [figure, stage, caption] = ["figure", "div", "figcaption"].map((tag) => document.createElement(tag));
  stage.className = "embviz-map";
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", `Items of the two classes in ${title}`);
  const rings = ["pinned", "pointed"].map((kind) => {
    const ring = document.createElement("i");
    ring.dataset.ring = kind;
    ring.hidden = true;
    return ring;
  });
  stage.append(document.createElement("canvas"), ...rings);
  caption.textContent = caption.title = title;
  figure.append(stage, caption);
  return figure;
}

/**
 * @param {SmallMap} map
 * @param {Float32Array} coords
 * @param {Int32Array} sides
 * @param {string[]} colors of the two classes
 */
function draw(map, coords, sides, colors) {
  const stage = /** @type {HTMLElement} */ (map.figure.firstElementChild);
  const canvas = /** @type {HTMLCanvasElement} */ (stage.firstElementChild);
  map.places = placed(coords, SIDE, SIDE, MARGIN);
  canvas.width = canvas.height = SIDE * SHARP;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(SHARP, SHARP);
  context.globalAlpha = 0.7;
  for (const row of shuffledRows(sides.length)) {
    context.fillStyle = colors[sides[row]];
    context.beginPath();
    context.arc(map.places[2 * row], map.places[2 * row + 1], RADIUS, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * @param {HTMLElement} figure
 * @param {string} kind
 * @param {Float32Array} places
 * @param {number} row -1 for none
 */
function moveRing(figure, kind, places, row) {
  const ring = /** @type {HTMLElement} */ (figure.querySelector(`[data-ring="${kind}"]`));
  ring.hidden = row < 0;
  if (row >= 0) [ring.style.left, ring.style.top] = [`${places[2 * row]}%`, `${places[2 * row + 1]}%`];
}
