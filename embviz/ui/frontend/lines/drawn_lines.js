/** Which lines between items are drawn, and in which color. Pure. */

/**
 * @typedef {object} DrawnLines in the order of drawing: what stands out is above the others
 * @property {Uint32Array} rows the two rows of each line
 * @property {Uint8Array} colors r, g, b, opacity of each line
 */

/**
 * The lines of which both items are drawn. A line has the color of the item that it begins at; if one of its items is
 * dimmed, it is as dim as that one.
 * @param {Uint32Array} lines the two rows of each line
 * @param {Pick<import("../plot/paint.js").Paint, "colors" | "inFront">} paint
 * @returns {DrawnLines}
 */
export function drawnLines(lines, { colors, inFront }) {
  const isHidden = (/** @type {number} */ row) => colors[row * 4 + 3] === 0;
  /** @type {number[][]} */
  const [behind, front] = [[], []];
  for (let at = 0; at < lines.length; at += 2) {
    const [from, to] = [lines[at], lines[at + 1]];
    if (!isHidden(from) && !isHidden(to)) (inFront[from] && inFront[to] ? front : behind).push(at);
  }
  const rows = new Uint32Array((behind.length + front.length) * 2);
  const shades = new Uint8Array(rows.length * 2);
  [...behind, ...front].forEach((at, place) => {
    const [from, to] = [lines[at], lines[at + 1]];
    const painted = inFront[from] && !inFront[to] ? to : from;
    rows.set([from, to], place * 2);
    shades.set(colors.subarray(painted * 4, painted * 4 + 4), place * 4);
  });
  return { rows, colors: shades };
}

/**
 * The coordinates of both ends of each line, one line after the other.
 * @param {Uint32Array} rows the two rows of each line
 * @param {Float32Array} coords n × dims
 * @param {number} dims
 * @returns {Float32Array}
 */
export function endsOf(rows, coords, dims) {
  const ends = new Float32Array(rows.length * dims);
  for (let at = 0; at < ends.length; at++) ends[at] = coords[rows[Math.floor(at / dims)] * dims + (at % dims)];
  return ends;
}

/** Number of corners of the strip that a line is drawn as: two at its beginning, and two at its end. */
export const CORNERS = 4;

/**
 * Repeat the numbers of each line for each of its corners.
 * @template {Float32Array | Uint8Array} Numbers
 * @param {Numbers} lines numbers of each line
 * @param {number} size how many numbers each line has
 * @param {Numbers} corners is filled with them, `CORNERS` times as many
 * @returns {Numbers} the corners
 */
export function toCorners(lines, size, corners) {
  for (let at = 0; at < corners.length; at++) {
    const line = Math.floor(at / (size * CORNERS));
    corners[at] = lines[line * size + (at % size)];
  }
  return corners;
}

/**
 * The corners of the two triangles of each line.
 * @param {number} count of lines
 * @returns {Uint32Array}
 */
export function triangles(count) {
  const ofOne = [0, 1, 2, 2, 1, 3];
  return Uint32Array.from({ length: count * ofOne.length }, (_, at) => Math.floor(at / ofOne.length) * CORNERS + ofOne[at % ofOne.length]);
}
