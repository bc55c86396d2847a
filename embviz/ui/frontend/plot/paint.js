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
  const inFront = new Uint8Array(n);
  /** @type {number[]} */
  const behind = [];
  /** @type {number[]} */
  const front = [];
  for (const row of order) {
    if (hidden.has(codes[row])) continue;
    const isDim = standsOut !== null && !standsOut(row);
    (isDim ? behind : front).push(row);
    inFront[row] = isDim ? 0 : 1;
    colors.set(isDim ? dimmed : palette[shades[row]], row * 4);
    colors[row * 4 + 3] = isDim ? 150 : 255; // mixed with the ground a color would lose contrast to it
  }
  const shown = Uint32Array.from([...behind, ...front]);
  return { colors, behind: shown.slice(0, behind.length), front: shown.slice(behind.length), shown, inFront, emphasized: standsOut !== null };
}
