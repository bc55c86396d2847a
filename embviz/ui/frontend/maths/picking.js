/** Which row lies under the pointer: a grid over the screen. Pure. */

/** @typedef {import("./screen.js").Screen} Screen */

const CELL = 18; // pixels: no disc with the slack around it is wider
const MARGIN = 1; // cells around the canvas: of a disc at the edge a part can be seen, wherever its middle is

/**
 * @typedef {object} Grid
 * @property {Screen} screen
 * @property {number} columns
 * @property {number} lines
 * @property {Int32Array} starts first entry of each cell in `rows`
 * @property {Int32Array} rows
 */

/**
 * Sort the rows on the canvas, or within a cell of it, into square cells.
 * @param {Screen} screen
 * @param {ArrayLike<number>} shownRows rows to consider: those of hidden classes are left out
 * @param {{width: number, height: number}} canvas
 * @returns {Grid}
 */
export function pickingGrid(screen, shownRows, canvas) {
  const columns = Math.ceil(canvas.width / CELL) + 2 * MARGIN;
  const lines = Math.ceil(canvas.height / CELL) + 2 * MARGIN;
  const starts = new Int32Array(columns * lines + 1);
  const cells = new Int32Array(shownRows.length);
  for (let at = 0; at < shownRows.length; at++) {
    const cell = cellOf(screen, shownRows[at], columns, lines);
    cells[at] = cell;
    if (cell >= 0) starts[cell + 1]++;
  }
  for (let cell = 0; cell < columns * lines; cell++) starts[cell + 1] += starts[cell];
  const next = starts.slice();
  const rows = new Int32Array(starts[columns * lines]);
  for (let at = 0; at < shownRows.length; at++) if (cells[at] >= 0) rows[next[cells[at]]++] = shownRows[at];
  return { screen, columns, lines, starts, rows };
}

/**
 * The row a person means when pointing at (x, y), or -1.
 *
 * A disc under the pointer wins over its surroundings, then the front layer (highlighted, selected)
 * over dimmed rows. Of several discs the nearest to the eye wins, so that nothing shines through; in
 * 2-D, and where only the surroundings are hit, the nearest on the screen.
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @param {(row: number) => number} radiusOf radius of a row's disc in CSS pixels; with slack at most 18
 * @param {(row: number) => boolean} inFront whether a row is drawn above the others
 * @param {number} [slack] how far beside a disc still counts, in pixels
 * @returns {number}
 */
export function pick(grid, x, y, radiusOf, inFront, slack = 5) {
  const { screen, columns, lines, starts, rows } = grid;
  const [middleColumn, middleLine] = [indexOf(x), indexOf(y)];
  /** @type {number[] | null} */
  let best = null;
  let found = -1;
  for (let line = Math.max(0, middleLine - 1); line <= Math.min(lines - 1, middleLine + 1); line++) {
    for (let column = Math.max(0, middleColumn - 1); column <= Math.min(columns - 1, middleColumn + 1); column++) {
      const cell = line * columns + column;
      for (let at = starts[cell]; at < starts[cell + 1]; at++) {
        const row = rows[at];
        const distance = Math.hypot(screen.x[row] - x, screen.y[row] - y);
        const radius = radiusOf(row);
        if (distance > radius + slack) continue;
        const onDisc = distance <= radius;
        // compared in this order, smaller first
        const rank = [onDisc ? 0 : 1, inFront(row) ? 0 : 1, onDisc ? screen.depth[row] : 0, distance, row];
        if (best === null || isBefore(rank, best)) [best, found] = [rank, row];
      }
    }
  }
  return found;
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function isBefore(a, b) {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at] < b[at];
  return false;
}

/**
 * Column or line of the grid.
 * @param {number} place in pixels
 */
function indexOf(place) {
  return Math.floor(place / CELL) + MARGIN;
}

/**
 * @param {Screen} screen
 * @param {number} row
 * @param {number} columns
 * @param {number} lines
 */
function cellOf(screen, row, columns, lines) {
  const column = indexOf(screen.x[row]);
  const line = indexOf(screen.y[row]);
  return column >= 0 && column < columns && line >= 0 && line < lines ? line * columns + column : -1;
}
