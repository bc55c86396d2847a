/** Marks drawn over the points: rings and lines for neighbors or for a closest pair, and the pair's images. */

const SVG = "http://www.w3.org/2000/svg";
const MOST_LINES = 20; // largest number of neighbors with lines; more lines would hide the points between
const BESIDE = 64; // size of a pair's image with its frame, in CSS pixels, as in style.css
const [PAIR_RADIUS, NEIGHBOR_RADIUS] = [10, 7];
const GAP = 14; // pixels between the middle of a point and its image

/** @typedef {import("../maths/polygon.js").Point} Point */

/**
 * @typedef {object} Mark a ring around one row
 * @property {number} row
 * @property {number} id
 * @property {number} strength opacity of the ring, 0 to 1
 * @property {boolean} differs whether its label differs from that of the pinned item
 */

/**
 * The opacity of each neighbor's mark: 1 for the nearest, 0.25 for the farthest, by distance for those between. Pure.
 * @param {number[]} distances
 * @returns {number[]}
 */
export function strengths(distances) {
  const [near, far] = [Math.min(...distances), Math.max(...distances)];
  return distances.map((distance) => (far > near ? 1 - (0.75 * (distance - near)) / (far - near) : 1));
}

/**
 * The top left corners of the images beside two points. Images are on the outer sides, so that they never cover each
 * other or the line, and within the stage as far as that is possible. Pure.
 * @param {Point} a
 * @param {Point} b
 * @param {{width: number, height: number}} room
 * @returns {Point[]} one corner for a's image and one for b's
 */
export function besidePair(a, b, room) {
  const isLeft = a.x < b.x || (a.x === b.x && a.y <= b.y);
  const within = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(size - BESIDE, at));
  const place = (/** @type {Point} */ { x, y }, /** @type {boolean} */ left) => ({
    x: within(left ? x - GAP - BESIDE : x + GAP, room.width),
    y: within(y - BESIDE / 2, room.height),
  });
  return [place(a, isLeft), place(b, !isLeft)];
}

/**
 * A line between two rings that begins and ends at their edges; null if the rings touch. Pure.
 * @param {Point} from
 * @param {Point} to
 * @param {number} radius of both rings
 * @returns {{x1: number, y1: number, x2: number, y2: number} | null}
 */
export function shortened(from, to, radius) {
  const [across, down] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(across, down);
  if (length <= 2 * radius) return null;
  const [x, y] = [(across * radius) / length, (down * radius) / length];
  return { x1: from.x + x, y1: from.y + y, x2: to.x - x, y2: to.y - y };
}

export class Marks {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.root = /** @type {SVGSVGElement} */ (document.createElementNS(SVG, "svg"));
    this.root.classList.add("embviz-marks");
    this.root.setAttribute("aria-hidden", "true");
    this.beside = [0, 1].map(() => {
      const canvas = document.createElement("canvas");
      canvas.className = "embviz-beside";
      canvas.hidden = true;
      return canvas;
    });
    stage.append(this.root, ...this.beside);
    /** @type {{row: number, element: Element}[]} */
    this.rings = [];
    /** @type {{from: number, to: number, gap: number, element: Element}[]} from, to: rows; gap: pixels left free at both ends */
    this.lines = [];
    /** @type {[number, number] | null} */
    this.pair = null;
  }

  /**
   * Mark a pair, and nothing else.
   * @param {[number, number]} rows
   * @param {number[]} ids
   * @param {string[]} colors of the two items' points
   * @param {(canvas: HTMLCanvasElement, id: number) => boolean} draw draws the image of an item; false if it has not arrived
   */
  showPair(rows, ids, colors, draw) {
    this.pair = rows;
    const kinds = /** @type {const} */ (["halo", "pair"]); // the halo is a light edge that sets a mark off from the points
    this.#replace(
      kinds.map((kind) => ({ from: rows[0], to: rows[1], gap: PAIR_RADIUS, element: made("line", kind) })),
      kinds.flatMap((kind) =>
        rows.map((row, at) => ({ row, element: made("circle", kind, { r: String(PAIR_RADIUS), "data-id": String(ids[at]) }) })),
      ),
    );
    this.beside.forEach((canvas, at) => {
      canvas.dataset.drawn = String(draw(canvas, ids[at]));
      canvas.style.borderColor = colors[at];
    });
  }

  /**
   * Mark the neighbors of a row, and nothing else.
   * @param {number} middle
   * @param {Mark[]} marks
   */
  showNeighbors(middle, marks) {
    this.pair = null;
    const kind = (/** @type {Mark} */ { differs }) => (differs ? "differs" : "neighbor");
    this.#replace(
      marks.length > MOST_LINES
        ? []
        : marks.map((mark) => ({ from: middle, to: mark.row, gap: NEIGHBOR_RADIUS, element: made("line", kind(mark), { opacity: opacity(mark) }) })),
      marks.map((mark) => {
        const element = made("circle", kind(mark), { r: String(NEIGHBOR_RADIUS), opacity: opacity(mark), "data-id": String(mark.id) });
        return { row: mark.row, element };
      }),
    );
  }

  /** Mark nothing. */
  clear() {
    this.pair = null;
    this.#replace([], []);
  }

  /**
   * Show these marks in place of all others.
   * @param {Marks["lines"]} lines
   * @param {Marks["rings"]} rings
   */
  #replace(lines, rings) {
    [this.lines, this.rings] = [lines, rings];
    this.root.replaceChildren(...lines.map(({ element }) => element), ...rings.map(({ element }) => element));
  }

  /** The stage's size. It is read only for a pair, because the browser has to lay out the page for it at each drawing. */
  #room() {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  /**
   * Move all marks to the places at which their points are drawn right now.
   * @param {(row: number) => Point | null} placeOf place of a row's point; null if it is not in sight
   */
  place(placeOf) {
    for (const { row, element } of this.rings) {
      const place = placeOf(row);
      put(element, place && { cx: place.x, cy: place.y });
    }
    for (const { from, to, gap, element } of this.lines) {
      const [start, end] = [placeOf(from), placeOf(to)];
      put(element, start && end && shortened(start, end, gap));
    }
    const [a, b] = this.pair ? this.pair.map(placeOf) : [null, null];
    const places = a && b ? besidePair(a, b, this.#room()) : [null, null];
    this.beside.forEach((canvas, at) => {
      const place = places[at];
      const isHidden = place === null || canvas.dataset.drawn !== "true";
      if (canvas.hidden !== isHidden) canvas.hidden = isHidden;
      if (place) canvas.style.transform = `translate(${place.x}px, ${place.y}px)`;
    });
  }
}

const opacity = (/** @type {Mark} */ { strength }) => strength.toFixed(2);

/**
 * A new SVG element for a mark.
 * @param {"line" | "circle"} shape
 * @param {"pair" | "halo" | "neighbor" | "differs"} kind
 * @param {Record<string, string>} [attributes]
 */
function made(shape, kind, attributes = {}) {
  const element = document.createElementNS(SVG, shape);
  for (const [name, value] of Object.entries({ class: `embviz-mark-${kind}`, ...attributes })) element.setAttribute(name, value);
  return element;
}

/**
 * Set an element's attributes.
 * @param {Element} element
 * @param {Record<string, number> | null} attributes null hides the element
 */
function put(element, attributes) {
  element.toggleAttribute("data-hidden", attributes === null);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value.toFixed(1));
}
