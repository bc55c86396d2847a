/** Numbers as texts for the page. Pure. */

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

/**
 * A number with at most six significant digits; very large and very small ones with a power of ten.
 * @param {number} value
 */
export function figure(value) {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const brief = Number(value.toPrecision(6));
  const isPlain = brief === 0 || (Math.abs(brief) >= 1e-4 && Math.abs(brief) < 1e9);
  return isPlain ? brief.toLocaleString("en-US", { maximumSignificantDigits: 6, useGrouping: "min2" }) : brief.toExponential();
}
