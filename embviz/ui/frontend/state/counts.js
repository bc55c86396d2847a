/** Counts as texts for the page. Pure. */

/**
 * A count with commas between thousands.
 * @param {number} n
 */
export function count(n) {
  return n.toLocaleString("en-US");
}

/**
 * A count in four characters at most: 980, 1.1k, 70k.
 * @param {number} n
 */
export function briefCount(n) {
  if (n < 1000) return String(n);
  return n < 9950 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`;
}
