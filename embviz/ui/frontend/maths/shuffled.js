/** The order in which points are drawn. Pure. */

/**
 * Seeded permutation of 0..n-1, so that no class is drawn on top of the others.
 * @param {number} n
 * @param {number} [seed]
 * @returns {Uint32Array}
 */
export function shuffledRows(n, seed = 1) {
  const rows = Uint32Array.from({ length: n }, (_, row) => row);
  let state = seed >>> 0 || 1;
  for (let left = n - 1; left > 0; left--) {
    state ^= state << 13; // xorshift32 (Marsaglia, 2003)
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (left + 1);
    [rows[left], rows[other]] = [rows[other], rows[left]];
  }
  return rows;
}
