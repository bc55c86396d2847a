/** Selections as sets of ids: combined with one another, and found again after they were changed. Pure. */

/** @typedef {"replace" | "add" | "subtract"} Mode what an outline does with what is selected already */

const MOST_STEPS = 50;

/**
 * @param {Iterable<number>} before ids selected already
 * @param {Iterable<number>} ids inside the outline
 * @param {Mode} mode
 * @returns {Set<number>}
 */
export function combined(before, ids, mode) {
  if (mode === "replace") return new Set(ids);
  const all = new Set(before);
  for (const id of ids) mode === "add" ? all.add(id) : all.delete(id);
  return all;
}

/**
 * What a classifier got wrong.
 * @param {{labels: Int32Array, predictions: Int32Array}} items -1 where a label or a prediction is unknown
 * @param {ArrayLike<number>} rows to look at
 * @returns {number[] | null} rows whose prediction is not their label; null where no prediction is known
 */
export function wrongRows({ labels, predictions }, rows) {
  if (!predictions.some((code) => code >= 0)) return null;
  return Array.from(rows).filter((row) => labels[row] >= 0 && predictions[row] >= 0 && predictions[row] !== labels[row]);
}

/** The selections before this one, and those that were undone. A selection is a text, or null for none. */
export class SelectionHistory {
  /** @type {(string | null)[]} */
  #before = [];
  /** @type {(string | null)[]} */
  #undone = [];

  get canUndo() {
    return this.#before.length > 0;
  }

  /** @param {string | null} left the selection that another one has just replaced */
  push(left) {
    this.#before.push(left);
    if (this.#before.length > MOST_STEPS) this.#before.shift();
    this.#undone = [];
  }

  /**
   * @param {string | null} now
   * @returns {string | null | undefined} the selection before; undefined if there is none
   */
  undo(now) {
    if (!this.#before.length) return undefined;
    this.#undone.push(now);
    return this.#before.pop();
  }

  /**
   * @param {string | null} now
   * @returns {string | null | undefined} the selection that was undone last; undefined if there is none
   */
  redo(now) {
    if (!this.#undone.length) return undefined;
    this.#before.push(now);
    return this.#undone.pop();
  }

  clear() {
    [this.#before, this.#undone] = [[], []];
  }
}
