/** Colors of text that can be read on a background, by WCAG's contrast. Pure. */

const READABLE = 4.5; // least contrast of text to its background that WCAG asks for (level AA)

/**
 * The relative luminance of a color, as WCAG defines it.
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
 * The contrast of two colors, as WCAG defines it.
 * @param {number[]} a r, g, b in 0..255
 * @param {number[]} b
 * @returns {number} from 1 for equal luminances to 21 for black and white
 */
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The color for text on a background: the preferred one if it can be read there, else black or white.
 * @param {number[]} ground r, g, b of the background in 0..255
 * @param {number[]} preferred
 * @returns {number[]}
 */
export function readableOn(ground, preferred) {
  if (contrast(ground, preferred) >= READABLE) return preferred;
  const [black, white] = [[0, 0, 0], [255, 255, 255]];
  return contrast(ground, black) > contrast(ground, white) ? black : white;
}

/**
 * A color between two others.
 * @param {number[]} from r, g, b in 0..255
 * @param {number[]} to
 * @param {number} share 0 gives `from`, 1 gives `to`
 * @returns {number[]} r, g, b as whole numbers
 */
export function mixed(from, to, share) {
  return from.map((value, at) => Math.round(value + (to[at] - value) * share));
}
