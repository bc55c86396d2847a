/** Selections as sets of ids: how an outline changes one, and a history for undo and redo. Pure. */

/** @typedef {"replace" | "add" | "subtract"} Mode how the items inside an outline change the selection */

const MOST_STEPS = 50; // largest number of changes that can be undone

/**
 * The selection after an outline was drawn.
 * @param {Iterable<number>} before ids that were selected
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
 * The rows whose predicted class is not their label.
 * @param {{labels: Int32Array, predictions: Int32Array}} items -1 if a label or a prediction is unknown
 * @param {ArrayLike<number>} rows to look at
 * @returns {number[] | null} null if no prediction is known at all
 */
export function wrongRows({ labels, predictions }, rows) {
  if (!predictions.some((code) => code >= 0)) return null;
  return Array.from(rows).filter((row) => labels[row] >= 0 && predictions[row] >= 0 && predictions[row] !== labels[row]);
}

/** The selections before the present one, and those that were undone. A selection is a base64 id set, or null. */
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
   * @param {string | null} now the present selection
   * @returns {string | null | undefined} the selection before it; undefined if there is none
   */
  undo(now) {
    if (!this.#before.length) return undefined;
    this.#undone.push(now);
    return this.#before.pop();
  }

  /**
   * @param {string | null} now the present selection
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
