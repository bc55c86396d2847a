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
  const words = new Uint32Array(n); // the four bytes of each color at once, which takes a quarter of the time
  const inFront = new Uint8Array(n);
  const tints = palette.map((color) => asWord(color, 255));
  const dim = asWord(dimmed, 150); // mixed with the ground a color would lose contrast to it
  const [behind, front] = [new Uint32Array(n), new Uint32Array(n)];
  let [nBehind, nFront] = [0, 0];
  for (const row of order) {
    if (hidden.has(codes[row])) continue;
    if (standsOut !== null && !standsOut(row)) {
      behind[nBehind++] = row;
      words[row] = dim;
    } else {
      front[nFront++] = row;
      inFront[row] = 1;
      words[row] = tints[shades[row]];
    }
  }
  const shown = new Uint32Array(nBehind + nFront);
  shown.set(behind.subarray(0, nBehind));
  shown.set(front.subarray(0, nFront), nBehind);
  return {
    colors: new Uint8Array(words.buffer),
    behind: shown.slice(0, nBehind),
    front: shown.slice(nBehind),
    shown,
    inFront,
    emphasized: standsOut !== null,
  };
}

/**
 * Four bytes as one number, in this machine's order of bytes.
 * @param {number[]} color r, g, b
 * @param {number} opacity
 */
function asWord([r, g, b], opacity) {
  return new Uint32Array(Uint8Array.of(r, g, b, opacity).buffer)[0];
}
