/** What is drawn over the points: rings around neighbors and around a closest pair, lines, and the pair's images. */

const SVG = "http://www.w3.org/2000/svg";
const MOST_LINES = 20; // more would hide the points between
const BESIDE = 64; // size of a pair's image with its frame, in CSS pixels, as the style sheet has it
const [PAIR_RADIUS, NEIGHBOR_RADIUS] = [10, 7];
const GAP = 14; // between the middle of a point and its image

/** @typedef {import("../maths/polygon.js").Point} Point */

/**
 * @typedef {object} Mark a ring around one row
 * @property {number} row
 * @property {number} id
 * @property {number} strength 0 to 1: how strongly it is drawn
 * @property {boolean} differs whether its label is another than that of the item in the middle
 */

/**
 * How strongly neighbors are drawn: the nearest fully, the farthest at a quarter, those between by their distance. Pure.
 * @param {number[]} distances
 * @returns {number[]}
 */
export function strengths(distances) {
  const [near, far] = [Math.min(...distances), Math.max(...distances)];
  return distances.map((distance) => (far > near ? 1 - (0.75 * (distance - near)) / (far - near) : 1));
}

/**
 * Top left of the images beside two points: on the outer sides, so that they never cover each other or the line,
 * and within the stage as far as that is possible. Pure.
 * @param {Point} a
 * @param {Point} b
 * @param {{width: number, height: number}} room
 * @returns {Point[]} of a's image and of b's
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
 * A line between two rings, which begins and ends at their edges; null where they touch. Pure.
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
    /** @type {{from: number, to: number, gap: number, element: Element}[]} gap: left free at both ends */
    this.lines = [];
    /** @type {[number, number] | null} */
    this.pair = null;
  }

  /**
   * Mark a pair, and nothing else.
   * @param {[number, number]} rows
   * @param {number[]} ids
   * @param {string[]} colors of their points
   * @param {(canvas: HTMLCanvasElement, id: number) => boolean} draw the image of an item, if it is here
   */
  showPair(rows, ids, colors, draw) {
    this.pair = rows;
    const kinds = /** @type {const} */ (["halo", "pair"]); // a light edge sets them off from the points below
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
   * @param {Marks["lines"]} lines
   * @param {Marks["rings"]} rings
   */
  #replace(lines, rings) {
    [this.lines, this.rings] = [lines, rings];
    this.root.replaceChildren(...lines.map(({ element }) => element), ...rings.map(({ element }) => element));
  }

  /** Asked only for a pair: the browser has to lay out the page for it, in each drawing. */
  #room() {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  /**
   * Put everything where its points are right now.
   * @param {(row: number) => Point | null} placeOf null where a point is not in sight
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
 * @param {Element} element
 * @param {Record<string, number> | null} attributes null hides it
 */
function put(element, attributes) {
  element.toggleAttribute("data-hidden", attributes === null);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value.toFixed(1));
}
