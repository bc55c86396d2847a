/** Search for the rows inside an outline drawn on the screen. Pure. */

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
  const inside = [];
  for (let at = 0; at < shownRows.length; at++) {
    const row = shownRows[at];
    const x = screen.x[row];
    const y = screen.y[row];
    if (x >= left && x <= right && y >= top && y <= bottom && isInside(x, y, xs, ys)) inside.push(row);
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
 * Whether (x, y) is inside the outline with these corners.
 * @param {number} x
 * @param {number} y
 * @param {number[]} xs of the corners
 * @param {number[]} ys of the corners
 */
function isInside(x, y, xs, ys) {
  let inside = false;
  for (let at = 0, before = xs.length - 1; at < xs.length; before = at++) {
    if (ys[at] > y !== ys[before] > y && x < ((xs[before] - xs[at]) * (y - ys[at])) / (ys[before] - ys[at]) + xs[at]) {
      inside = !inside;
    }
  }
  return inside;
}
