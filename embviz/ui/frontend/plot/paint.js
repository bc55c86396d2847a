/** The color of each row, and the rows that are drawn behind, in front, or not at all. Pure. */

/**
 * @typedef {object} Paint
 * @property {Uint8Array} colors n × 4
 * @property {Uint32Array} behind rows drawn first: dimmed
 * @property {Uint32Array} front rows drawn above them
 * @property {Uint32Array} shown both: the rows that can be hovered and selected
 * @property {Uint8Array} inFront 1 for each row of `front`
 * @property {boolean} emphasized whether those in front stand out from others: drawn larger, and with an outline
 */

/**
 * @param {object} state
 * @param {import("../state/coloring.js").Coloring} state.coloring
 * @param {number[][]} state.palette r, g, b of each shade
 * @param {Uint32Array} state.order rows in drawing order
 * @param {Set<number>} state.hidden codes of entries of the legend that are not to be drawn
 * @param {((row: number) => boolean) | null} state.standsOut rows to dim all others for
 * @param {number[]} state.dimmed r, g, b
 * @returns {Paint}
 */
export function paint({ coloring: { codes, shades }, palette, order, hidden, standsOut, dimmed }) {
  const n = codes.length;
  const colors = new Uint8Array(n * 4);
  const pixels = new Uint32Array(colors.buffer);
  const inks = Uint32Array.from(palette, (color) => pixelOf(color, 255));
  const dim = pixelOf(dimmed, 150); // mixed with the ground a color would lose contrast to it
  const inFront = new Uint8Array(n);
  const [behind, front] = [new Uint32Array(n), new Uint32Array(n)];
  const isHidden = new Uint8Array(Math.max(-1, ...hidden) + 2); // by code + 1
  for (const code of hidden) isHidden[code + 1] = 1;
  let [atBack, atFront] = [0, 0];
  for (let row = 0; row < n; row++) {
    if (isHidden[codes[row] + 1]) continue;
    inFront[row] = standsOut === null || standsOut(row) ? 1 : 0;
    pixels[row] = inFront[row] ? inks[shades[row]] : dim;
  }
  for (let at = 0; at < order.length; at++) {
    const row = order[at];
    if (inFront[row]) front[atFront++] = row;
    else if (pixels[row]) behind[atBack++] = row; // hidden rows have no opacity
  }
  const shown = new Uint32Array(atBack + atFront);
  shown.set(behind.subarray(0, atBack));
  shown.set(front.subarray(0, atFront), atBack);
  return { colors, behind: shown.slice(0, atBack), front: shown.slice(atBack), shown, inFront, emphasized: standsOut !== null };
}

/**
 * The four bytes of a color as one number, in this machine's order of bytes.
 * @param {number[]} color r, g, b
 * @param {number} opacity 0 to 255
 */
function pixelOf([red, green, blue], opacity) {
  return new Uint32Array(new Uint8Array([red, green, blue, opacity]).buffer)[0];
}
