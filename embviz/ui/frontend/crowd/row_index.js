/** The row of each id, found without a hash table where ids are close together. Pure. */

const SPARE = 8; // entries of the table for each id at most; where ids are farther apart, a hash table takes less

/** @typedef {{get: (id: number) => number | undefined, size: number}} RowIndex */

/**
 * @param {Int32Array} ids of all rows, different ones
 * @returns {RowIndex}
 */
export function rowIndex(ids) {
  let limit = 0;
  for (let row = 0; row < ids.length; row++) if (ids[row] >= limit) limit = ids[row] + 1;
  if (limit > SPARE * ids.length + 1024) {
    const rows = new Map();
    ids.forEach((id, row) => rows.set(id, row));
    return rows;
  }
  const table = new Int32Array(limit); // row + 1; 0 for none
  for (let row = 0; row < ids.length; row++) table[ids[row]] = row + 1;
  return { get: (id) => (table[id] ? table[id] - 1 : undefined), size: ids.length };
}
