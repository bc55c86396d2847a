/** Arrangement of the images of all items in one texture, and their reduction to the size that they have in it. Pure. */

const MOST_SIDE = 64; // pixels of an image in the texture: more would not be seen in the place of a point

/**
 * @typedef {object} AtlasLayout
 * @property {number} columns images side by side
 * @property {number} lines
 * @property {number} width of one image in pixels
 * @property {number} height
 */

/**
 * The arrangement of `n` images of this size in a texture that has at most so many pixels on each side: as they are, or
 * reduced until they fit.
 * @param {number} n at least 1
 * @param {{height: number, width: number}} image
 * @param {number} most
 * @returns {AtlasLayout}
 */
export function atlasLayout(n, { height, width }, most) {
  for (let side = Math.min(MOST_SIDE, Math.max(height, width)); side > 1; side--) {
    const factor = side / Math.max(height, width);
    const [w, h] = [width, height].map((size) => Math.max(1, Math.round(size * factor)));
    const columns = Math.min(n, Math.floor(most / w));
    const lines = Math.ceil(n / columns);
    if (lines * h <= most) return { columns, lines, width: w, height: h };
  }
  const columns = Math.min(n, most);
  return { columns, lines: Math.ceil(n / columns), width: 1, height: 1 };
}

/**
 * An image reduced to a smaller size: each pixel is the average of those that it stands for.
 * @param {Uint8Array} pixels
 * @param {{height: number, width: number, channels: number}} image
 * @param {{height: number, width: number}} to not larger
 * @returns {Uint8Array} the same array if the size is the same
 */
export function reduced(pixels, { height, width, channels }, to) {
  if (to.height === height && to.width === width) return pixels;
  const made = new Uint8Array(to.height * to.width * channels);
  for (let line = 0; line < to.height; line++) {
    const [top, bottom] = span(line, height, to.height);
    for (let column = 0; column < to.width; column++) {
      const [left, right] = span(column, width, to.width);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += pixels[(y * width + x) * channels + channel];
        }
        made[(line * to.width + column) * channels + channel] = Math.round(sum / ((bottom - top) * (right - left)));
      }
    }
  }
  return made;
}

/**
 * The pixels of a line that one pixel of a shorter line stands for.
 * @param {number} at
 * @param {number} from length of the line
 * @param {number} to length of the shorter line
 */
function span(at, from, to) {
  const first = Math.floor((at * from) / to);
  return [first, Math.max(first + 1, Math.floor(((at + 1) * from) / to))];
}
