/** The images or labels that have room on the screen without covering each other. Pure. */

/**
 * The rows that have room for a box around their place. Rows that come first have it first; so the same ones keep it
 * while a plot is moved, and more have it the closer one looks.
 * @param {{x: Float32Array, y: Float32Array}} places of all rows, NaN where a row is not in sight
 * @param {ArrayLike<number>} rows the most important first
 * @param {(row: number) => {width: number, height: number}} sizeOf
 * @param {{left: number, top: number, width: number, height: number}} frame the middle of a box is in it
 * @param {number} [most] rows
 * @returns {number[]}
 */
export function rowsWithRoom({ x, y }, rows, sizeOf, frame, most = Infinity) {
  /** @type {Map<number, {x: number, y: number, width: number, height: number}[]>} boxes by the cells that they touch */
  const taken = new Map();
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  /** @type {number[]} */
  const found = [];
  for (let at = 0; at < rows.length && found.length < most; at++) {
    const row = rows[at];
    if (!(x[row] >= frame.left && x[row] <= right && y[row] >= frame.top && y[row] <= bottom)) continue;
    const box = { x: x[row], y: y[row], ...sizeOf(row) };
    const cells = cellsOf(box);
    if (cells.some((cell) => taken.get(cell)?.some((other) => overlap(box, other)))) continue;
    for (const cell of cells) taken.set(cell, [...(taken.get(cell) ?? []), box]);
    found.push(row);
  }
  return found;
}

const CELL = 48; // pixels

/** @param {{x: number, y: number, width: number, height: number}} box */
function cellsOf({ x, y, width, height }) {
  const cells = [];
  for (let line = Math.floor((y - height / 2) / CELL); line <= Math.floor((y + height / 2) / CELL); line++) {
    for (let column = Math.floor((x - width / 2) / CELL); column <= Math.floor((x + width / 2) / CELL); column++) {
      cells.push(line * 4096 + column);
    }
  }
  return cells;
}

/**
 * @param {{x: number, y: number, width: number, height: number}} a
 * @param {{x: number, y: number, width: number, height: number}} b
 */
function overlap(a, b) {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}
