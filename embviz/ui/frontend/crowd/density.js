/** How many items lie in each small square of the plot, and which color the square has. Pure. */

/** Side of a square in CSS pixels, as large as the smallest point. */
export const CELL = 3;

/** With more categories than this a square is not colored by them: their counts would take too much memory. */
export const MOST_CLASSES = 64;

const FAINTEST = 0.45; // opacity of a square with one item
const BEHIND = 0.5; // factor on the opacity of squares that hold dimmed items only

/**
 * @typedef {"majority" | "mean" | "plain"} Rule what a square is colored by: its most frequent category, the mean of its
 *   numbers, or nothing
 */

/**
 * @typedef {object} Density of the squares of a grid over the frame, line after line from its top left
 * @property {number} columns
 * @property {number} lines
 * @property {Uint32Array} front number of items in front
 * @property {Uint32Array} behind number of dimmed items
 * @property {Uint16Array} shades index in the palette of the color of those in front
 * @property {number} most items in front in one square
 * @property {number} total items counted, dimmed ones too
 */

/**
 * Count items by squares.
 * @param {object} given
 * @param {Float32Array} given.coords n × dims
 * @param {number} given.dims 2 or 3
 * @param {{matrix: ArrayLike<number>, width: number, height: number, frame: {left: number, top: number, width: number, height: number}}} given.view
 * @param {Uint32Array} given.behind dimmed rows
 * @param {Uint32Array} given.front other rows
 * @param {ArrayLike<number>} given.shades index in the palette of each row's color
 * @param {number} given.scale number of shades that stand for numbers, from lowest to highest; 0 where they stand for categories
 * @param {number} given.colors length of the palette
 * @returns {Density}
 */
export function densityOf({ coords, dims, view, behind, front, shades, scale, colors }) {
  const columns = Math.max(1, Math.ceil(view.frame.width / CELL));
  const lines = Math.max(1, Math.ceil(view.frame.height / CELL));
  const n = columns * lines;
  const cellOf = cells(coords, dims, view, columns);
  const back = new Uint32Array(n);
  let total = 0;
  for (let at = 0; at < behind.length; at++) {
    const cell = cellOf(behind[at]);
    if (cell < 0) continue;
    back[cell]++;
    total++;
  }
  const rule = ruleOf(scale, colors);
  const kinds = rule === "majority" ? colors : 1;
  const counts = new Uint32Array(n);
  const ofKind = new Uint32Array(rule === "plain" ? 0 : n * kinds); // of categories their counts, of numbers the sum of shades
  const known = new Uint32Array(rule === "mean" ? n : 0);
  for (let at = 0; at < front.length; at++) {
    const row = front[at];
    const cell = cellOf(row);
    if (cell < 0) continue;
    counts[cell]++;
    total++;
    if (rule === "majority") ofKind[cell * kinds + shades[row]]++;
    else if (rule === "mean" && shades[row] < scale) {
      ofKind[cell] += shades[row];
      known[cell]++;
    }
  }
  const found = new Uint16Array(n);
  let most = 0;
  for (let cell = 0; cell < n; cell++) {
    if (counts[cell] > most) most = counts[cell];
    if (!counts[cell]) continue;
    if (rule === "mean") found[cell] = known[cell] ? Math.round(ofKind[cell] / known[cell]) : scale;
    else for (let kind = 1; kind < (rule === "majority" ? kinds : 0); kind++) if (ofKind[cell * kinds + kind] > ofKind[cell * kinds + found[cell]]) found[cell] = kind;
  }
  return { columns, lines, front: counts, behind: back, shades: found, most, total };
}

/**
 * What a square is colored by.
 * @param {number} scale number of shades that stand for numbers
 * @param {number} colors length of the palette
 * @returns {Rule}
 */
export function ruleOf(scale, colors) {
  if (scale > 0) return "mean";
  return colors > 1 && colors <= MOST_CLASSES ? "majority" : "plain";
}

/**
 * The square in which a row lies; -1 outside the frame and behind the eye.
 * @param {Float32Array} coords
 * @param {number} dims
 * @param {Parameters<typeof densityOf>[0]["view"]} view
 * @param {number} columns
 * @returns {(row: number) => number}
 */
function cells(coords, dims, { matrix: m, width, height, frame }, columns) {
  const [left, top, right, bottom] = [frame.left, frame.top, frame.left + frame.width, frame.top + frame.height];
  return (row) => {
    const a = coords[row * dims];
    const b = coords[row * dims + 1];
    const c = dims === 3 ? coords[row * dims + 2] : 0;
    const w = m[3] * a + m[7] * b + m[11] * c + m[15];
    if (w <= 0) return -1;
    const x = ((m[0] * a + m[4] * b + m[8] * c + m[12]) / w + 1) * 0.5 * width;
    const y = (1 - (m[1] * a + m[5] * b + m[9] * c + m[13]) / w) * 0.5 * height;
    if (!(x >= left && x < right && y >= top && y < bottom)) return -1;
    return Math.floor((y - top) / CELL) * columns + Math.floor((x - left) / CELL);
  };
}

/**
 * The picture of a density, one pixel for each square: the more items, the less the page is seen through it, on a
 * logarithmic scale.
 * @param {Density} density
 * @param {number[][]} palette r, g, b of each shade
 * @param {number[]} dimmed r, g, b of squares that hold dimmed items only
 * @returns {Uint8ClampedArray} r, g, b, opacity of each square
 */
export function densityPixels({ front, behind, shades, most }, palette, dimmed) {
  const pixels = new Uint8ClampedArray(front.length * 4);
  const largest = behind.reduce((high, count) => Math.max(high, count), 0);
  for (let cell = 0; cell < front.length; cell++) {
    if (!front[cell] && !behind[cell]) continue;
    const [red, green, blue] = front[cell] ? palette[shades[cell]] : dimmed;
    const opacity = front[cell] ? strength(front[cell], most) : BEHIND * strength(behind[cell], largest);
    pixels[cell * 4] = red;
    pixels[cell * 4 + 1] = green;
    pixels[cell * 4 + 2] = blue;
    pixels[cell * 4 + 3] = Math.round(255 * opacity);
  }
  return pixels;
}

/**
 * The opacity of a square.
 * @param {number} count items in it, 1 or more
 * @param {number} most in any square
 */
export function strength(count, most) {
  return most > 1 ? FAINTEST + ((1 - FAINTEST) * Math.log(count)) / Math.log(most) : 1;
}

/**
 * What the picture of a density means, in words.
 * @param {object} said
 * @param {Rule} said.rule
 * @param {string} said.name of the numbers whose mean is colored by
 * @param {string} said.most largest number of items in one square
 * @param {number} said.dims
 * @param {boolean} said.hasDimmed
 */
export function densitySentence({ rule, name, most, dims, hasDimmed }) {
  const color = {
    majority: "has the color that is most frequent among its items",
    mean: `has the color of the mean of its ${name}`,
    plain: "has one color whatever is in it",
  }[rule];
  const where = dims === 3 ? "seen in it, one behind the other" : "in it";
  const dimmed = hasDimmed ? " Dimmed items are seen where no others are." : "";
  return `Density: a square of ${CELL} pixels ${color}; the stronger, the more items are ${where}, on a logarithmic scale from 1 to ${most}.${dimmed}`;
}
