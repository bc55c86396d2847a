/** Use of the plot by keyboard: arrow keys go from point to point, other keys pin, zoom and isolate. */

/** @typedef {"ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown"} Arrow */

/** @type {Record<Arrow, {x: number, y: number}>} */
const DIRECTIONS = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const ZOOM_STEP = 1.3; // factor per press of + or -

/**
 * The row of the point that an arrow key leads to from a place: one that is near, and not far aside. Pure.
 *
 * Draw circles that pass through the place and have their center in the direction of the arrow. The point is the one
 * that lies on the smallest of them.
 * @param {import("../maths/screen.js").Screen} screen
 * @param {ArrayLike<number>} rows that the key may lead to
 * @param {{x: number, y: number}} from
 * @param {Arrow} arrow
 * @returns {number} -1 if there is none
 */
export function rowTowards({ x, y }, rows, from, arrow) {
  const direction = DIRECTIONS[arrow];
  let [found, least] = [-1, Infinity];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    const [right, down] = [x[row] - from.x, y[row] - from.y];
    const along = right * direction.x + down * direction.y;
    const size = along > 0.01 ? (right * right + down * down) / along : Infinity; // neither the place itself nor rows behind the eye, at NaN
    if (size < least) [found, least] = [row, size];
  }
  return found;
}

/**
 * The row of the point nearest to a place. Pure.
 * @param {import("../maths/screen.js").Screen} screen
 * @param {ArrayLike<number>} rows
 * @param {{x: number, y: number}} place
 * @returns {number} -1 if there is none
 */
export function rowNearest({ x, y }, rows, place) {
  let [found, least] = [-1, Infinity];
  for (let at = 0; at < rows.length; at++) {
    const distance = Math.hypot(x[rows[at]] - place.x, y[rows[at]] - place.y);
    if (distance < least) [found, least] = [rows[at], distance];
  }
  return found;
}

/**
 * The row of the next or the previous item in the order of the data; from the last one to the first. Pure.
 * @param {Int32Array} ids of all rows
 * @param {ArrayLike<number>} rows that it may be
 * @param {number | null} from id of the present item; null: begin at one end
 * @param {1 | -1} step
 * @returns {number} -1 if there is none
 */
export function rowInOrder(ids, rows, from, step) {
  let [next, first] = [-1, -1];
  const isSooner = (/** @type {number} */ row, /** @type {number} */ found) => found < 0 || step * (ids[row] - ids[found]) < 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    if (isSooner(row, first)) first = row;
    if (from !== null && step * (ids[row] - from) > 0 && isSooner(row, next)) next = row;
  }
  return next < 0 ? first : next;
}

/**
 * @typedef {object} Actions
 * @property {(row: number) => void} onStep called when an arrow key has led to a row
 * @property {(row: number) => void} onPin
 * @property {(step: 1 | -1) => void} onTurn called when the next or the previous item is to be pinned
 * @property {(row: number) => void} onIsolate
 * @property {(factor: number) => void} onZoom
 * @property {() => void} onReset
 * @property {() => void} onHelp
 * @property {() => void} onLeave called when the keyboard's focus leaves the plot
 */

export class Keyboard {
  /**
   * @param {HTMLElement} stage made focusable by Tab
   * @param {import("../plot/sight.js").Sight} sight
   * @param {Actions} actions
   */
  constructor(stage, sight, actions) {
    this.stage = stage;
    this.sight = sight;
    this.actions = actions;
    /** The row that an arrow key has led to last; -1 before the first step. */
    this.row = -1;
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-roledescription", "scatter plot");
    stage.addEventListener("keydown", this.#press);
    stage.addEventListener("blur", this.#leave);
  }

  /** @param {string} label what the plot shows */
  show(label) {
    this.stage.setAttribute("aria-label", `${label}. Arrow keys go from point to point, question mark lists all keys.`);
  }

  /** Start anew at the next step, because other items or another layout are shown. */
  forget() {
    this.row = -1;
  }

  #leave = () => this.actions.onLeave();

  #press = (/** @type {KeyboardEvent} */ event) => {
    if (event.target !== this.stage || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /**
   * Do what a key asks for.
   * @param {string} key
   * @returns {boolean} whether the key has a meaning here
   */
  #act(key) {
    const { actions, row } = this;
    if (key in DIRECTIONS) this.#step(/** @type {Arrow} */ (key));
    else if (key === "+" || key === "=") actions.onZoom(ZOOM_STEP);
    else if (key === "-") actions.onZoom(1 / ZOOM_STEP);
    else if (key === "0") actions.onReset();
    else if (key === "?") actions.onHelp();
    else if (key === "Enter" && this.sight.placeOf(row)) actions.onPin(row);
    else if (key === "n") actions.onTurn(1);
    else if (key === "p") actions.onTurn(-1);
    else if (key === "i" && this.sight.placeOf(row)) actions.onIsolate(row);
    else return false;
    return true;
  }

  #step(/** @type {Arrow} */ arrow) {
    const grid = this.sight.grid();
    if (!grid) return;
    const rows = this.sight.rowsInSight();
    const place = this.sight.placeOf(this.row);
    const { left, top, width, height } = this.sight.frame;
    const found = place
      ? rowTowards(grid.screen, rows, place, arrow)
      : rowNearest(grid.screen, rows, { x: left + width / 2, y: top + height / 2 });
    if (found < 0) return;
    this.row = found;
    this.actions.onStep(found);
  }

  destroy() {
    this.stage.removeEventListener("keydown", this.#press);
    this.stage.removeEventListener("blur", this.#leave);
  }
}
