/** Which color of text can be read on which ground, by WCAG's contrast. Pure. */

const READABLE = 4.5;

/**
 * WCAG's relative luminance.
 * @param {number[]} color r, g, b in 0..255
 * @returns {number} 0 for black to 1 for white
 */
export function luminance(color) {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {number[]} a
 * @param {number[]} b
 * @returns {number} 1 for the same luminance to 21 for black on white
 */
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The color to write with: the preferred one if it can be read, else black or white, of which one always can.
 * @param {number[]} ground
 * @param {number[]} preferred
 * @returns {number[]}
 */
export function readableOn(ground, preferred) {
  if (contrast(ground, preferred) >= READABLE) return preferred;
  const [black, white] = [[0, 0, 0], [255, 255, 255]];
  return contrast(ground, black) > contrast(ground, white) ? black : white;
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} share 0 is `from`, 1 is `to`
 * @returns {number[]} whole numbers
 */
export function mixed(from, to, share) {
  return from.map((value, at) => Math.round(value + (to[at] - value) * share));
}
