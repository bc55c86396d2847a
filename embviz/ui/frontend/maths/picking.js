/** Search for the row under the pointer, by a grid of cells over the plot. Pure. */

/** @typedef {import("./screen.js").Screen} Screen */

const CELL = 18; // width of a cell in pixels, at least the radius of a disc plus the slack around it
const MARGIN = 1; // cells added around the canvas, because a disc whose middle is outside can be seen in part

/**
 * @typedef {object} Grid rows sorted by the cell of the plot in which they lie
 * @property {Screen} screen
 * @property {number} columns
 * @property {number} lines
 * @property {Int32Array} starts index in `rows` of the first row of each cell
 * @property {Int32Array} rows
 */

/**
 * The grid of the rows that are on the canvas, or at most a cell outside it.
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
 * The row that a person means when pointing at (x, y), or -1.
 *
 * A row whose disc is under the pointer wins over a row whose disc is only near it. Among these, rows of the
 * front layer (highlighted, selected) win over dimmed ones. Of several discs under the pointer the nearest to the
 * eye wins, as it hides the others; in 2-D, and if no disc is under the pointer, the nearest on the screen.
 * @param {Grid} grid
 * @param {number} x in CSS pixels on the plot
 * @param {number} y
 * @param {(row: number) => number} radiusOf radius of a row's disc in CSS pixels; with slack at most 18 times the reach
 * @param {(row: number) => boolean} inFront whether a row is drawn above the others
 * @param {number} [reach] cells around the pointer's that are looked at: more where discs are larger
 * @param {number} [slack] largest distance in pixels from a disc at which it still counts as meant
 * @returns {number}
 */
export function pick(grid, x, y, radiusOf, inFront, reach = 1, slack = 5) {
  const { screen, columns, lines, starts, rows } = grid;
  const [middleColumn, middleLine] = [indexOf(x), indexOf(y)];
  /** @type {number[] | null} */
  let best = null;
  let found = -1;
  for (let line = Math.max(0, middleLine - reach); line <= Math.min(lines - 1, middleLine + reach); line++) {
    for (let column = Math.max(0, middleColumn - reach); column <= Math.min(columns - 1, middleColumn + reach); column++) {
      const cell = line * columns + column;
      for (let at = starts[cell]; at < starts[cell + 1]; at++) {
        const row = rows[at];
        const [across, down] = [screen.x[row] - x, screen.y[row] - y];
        const distance = Math.sqrt(across * across + down * down); // `Math.hypot` takes ten times as long
        const radius = radiusOf(row);
        if (distance > radius + slack) continue;
        const onDisc = distance <= radius;
        // Ranks are compared number by number; the smaller one wins.
        const rank = [onDisc ? 0 : 1, inFront(row) ? 0 : 1, onDisc ? screen.depth[row] : 0, distance, row];
        if (best === null || isBefore(rank, best)) [best, found] = [rank, row];
      }
    }
  }
  return found;
}

/**
 * Whether rank a wins over rank b.
 * @param {number[]} a
 * @param {number[]} b
 */
function isBefore(a, b) {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at] < b[at];
  return false;
}

/**
 * The column of the grid at an x, or the line at a y.
 * @param {number} place in pixels
 */
function indexOf(place) {
  return Math.floor(place / CELL) + MARGIN;
}

/**
 * The cell in which a row lies, or -1 if it is outside the grid.
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
