/** The rows that are selected, read from a set of ids without a set of objects. Pure. */

/**
 * @typedef {object} Selected
 * @property {Uint32Array} rows in the order of their ids
 * @property {Uint8Array} mask 1 for each of them, for every row
 */

/**
 * The rows of the ids of a set that are here.
 * @param {string | null} base64 as `encodeIdSet` writes it
 * @param {{ids: Int32Array, rowOf: import("./row_index.js").RowIndex}} items
 * @returns {Selected | null} null if none is
 */
export function selectedRows(base64, { ids, rowOf }) {
  if (base64 === null) return null;
  const rows = new Uint32Array(ids.length);
  const mask = new Uint8Array(ids.length);
  const text = atob(base64);
  let found = 0;
  for (let byte = 0; byte < text.length; byte++) {
    const bits = text.charCodeAt(byte);
    for (let bit = 0; bits >> bit; bit++) {
      const row = bits & (1 << bit) ? rowOf.get(byte * 8 + bit) : undefined;
      if (row === undefined) continue;
      mask[row] = 1;
      rows[found++] = row;
    }
  }
  return found ? { rows: rows.slice(0, found), mask } : null;
}
