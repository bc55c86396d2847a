/** Search for the rows inside an outline drawn on the screen. Pure. */

const BANDS = 128;

/** @typedef {{x: number, y: number}} Point */

/**
 * The rows whose place on the screen is inside an outline (even-odd rule, so a figure eight has two parts).
 * @param {import("./screen.js").Screen} screen
 * @param {ArrayLike<number>} shownRows
 * @param {Point[]} outline its last corner is joined to the first; fewer than three corners hold nothing
 * @returns {number[]}
 */
export function rowsInside(screen, shownRows, outline) {
  if (outline.length < 3) return [];
  const xs = outline.map((corner) => corner.x);
  const ys = outline.map((corner) => corner.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const bands = edgeBands(ys, top, bottom);
  const perUnit = BANDS / (bottom - top || 1);
  const inside = [];
  for (let at = 0; at < shownRows.length; at++) {
    const row = shownRows[at];
    const x = screen.x[row];
    const y = screen.y[row];
    if (x >= left && x <= right && y >= top && y <= bottom && isInside(x, y, xs, ys, bands[Math.min(BANDS - 1, Math.floor((y - top) * perUnit))])) inside.push(row);
  }
  return inside;
}

/**
 * The four corners of a box, given two opposite ones.
 * @param {Point} a
 * @param {Point} b
 * @returns {Point[]}
 */
export function boxOutline(a, b) {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

/**
 * The edges that reach into each of the bands into which an outline's height is cut. A hand draws hundreds of edges, of
 * which a point has to be compared with few.
 * @param {number[]} ys of the corners
 * @param {number} top
 * @param {number} bottom
 * @returns {number[][]} of each band the later corners of its edges
 */
function edgeBands(ys, top, bottom) {
  /** @type {number[][]} */
  const bands = Array.from({ length: BANDS }, () => []);
  const perUnit = BANDS / (bottom - top || 1);
  const bandOf = (/** @type {number} */ y) => Math.min(BANDS - 1, Math.floor((y - top) * perUnit));
  for (let at = 0, before = ys.length - 1; at < ys.length; before = at++) {
    const [low, high] = [bandOf(Math.min(ys[at], ys[before])), bandOf(Math.max(ys[at], ys[before]))];
    for (let band = low; band <= high; band++) bands[band].push(at);
  }
  return bands;
}

/**
 * Whether (x, y) is inside the outline with these corners.
 * @param {number} x
 * @param {number} y
 * @param {number[]} xs of the corners
 * @param {number[]} ys of the corners
 * @param {number[]} edges later corners of the edges that may be at this height
 */
function isInside(x, y, xs, ys, edges) {
  let inside = false;
  for (const at of edges) {
    const before = at ? at - 1 : xs.length - 1;
    if (ys[at] > y !== ys[before] > y && x < ((xs[before] - xs[at]) * (y - ys[at])) / (ys[before] - ys[at]) + xs[at]) {
      inside = !inside;
    }
  }
  return inside;
}
