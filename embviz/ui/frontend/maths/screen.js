/** Conversion of coordinates to pixels on the screen, by column-major 4×4 matrices as in WebGL. Pure. */

/**
 * @typedef {object} Screen the place of every row on the plot, in CSS pixels from the plot's top left
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {Float32Array} depth distance from the eye; all 0 in 2-D
 */

/** @typedef {{x: [number, number], y: [number, number]}} Ranges lowest and highest coordinate that each axis of a 2-D plot shows */

/**
 * The product of two matrices.
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 * @returns {Float32Array} a × b
 */
export function multiply(a, b) {
  const out = new Float32Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let inner = 0; inner < 4; inner++) sum += a[inner * 4 + row] * b[column * 4 + inner];
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

/**
 * The matrix that multiplies each axis by its own factor and then moves it.
 * @param {import("./glide.js").Placement} placement of three axes
 * @returns {Float32Array}
 */
export function placing({ scale: [x, y, z], shift: [right, up, out] }) {
  return new Float32Array([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, right, up, out, 1]);
}

/**
 * The placement of 2-D coordinates in CSS pixels on the canvas: the frame shows exactly the given ranges.
 * @param {{x: [number, number], y: [number, number]}} ranges data ranges of the frame
 * @param {{left: number, top: number, width: number, height: number}} frame in CSS pixels on the canvas
 * @returns {import("./glide.js").Placement}
 */
export function planarPlacement({ x, y }, { left, top, width, height }) {
  const scale = [width / (x[1] - x[0]), -height / (y[1] - y[0])];
  return { scale, shift: [left - x[0] * scale[0], top + height - y[0] * scale[1]] };
}

/**
 * The ranges that a frame shows after its size has changed, with the same middle and as many units per pixel.
 * @param {Ranges} ranges that the frame showed before
 * @param {{width: number, height: number}} before size in CSS pixels
 * @param {{width: number, height: number}} after size in CSS pixels
 * @returns {Ranges}
 */
export function resizedRanges({ x, y }, before, after) {
  return { x: stretched(x, after.width / before.width), y: stretched(y, after.height / before.height) };
}

/**
 * A range with the same middle whose width is multiplied by a factor.
 * @param {[number, number]} range
 * @param {number} factor
 * @returns {[number, number]}
 */
function stretched([low, high], factor) {
  const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
  return [middle - half, middle + half];
}

/**
 * The ranges of an enlarged 2-D plot with a given place in the middle.
 * @param {number[]} place
 * @param {Ranges} ranges that the plot shows now
 * @param {number} factor by which the plot is enlarged
 * @returns {Ranges}
 */
export function rangesAround([x, y], ranges, factor) {
  /** @type {(at: number, range: [number, number]) => [number, number]} */
  const around = (at, [low, high]) => [at - (high - low) / factor / 2, at + (high - low) / factor / 2];
  return { x: around(x, ranges.x), y: around(y, ranges.y) };
}

/**
 * The place in the middle of a 2-D plot.
 * @param {Ranges} ranges
 * @returns {number[]}
 */
export function middleOf({ x, y }) {
  return [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
}

/**
 * The zoom of a 2-D plot: 1 for the home view, 2 if everything is twice as large.
 * @param {Ranges} home ranges of the home view
 * @param {Ranges} now
 * @returns {number}
 */
export function zoomOf(home, now) {
  const width = (/** @type {[number, number]} */ [low, high]) => high - low;
  return Math.max(width(home.x) / width(now.x), width(home.y) / width(now.y)); // in the home view Plotly widens one of the two
}

/**
 * The matrix from 2-D coordinates to WebGL's clip space.
 * @param {{x: [number, number], y: [number, number]}} ranges data ranges of the frame
 * @param {{left: number, top: number, width: number, height: number}} frame in CSS pixels on the canvas
 * @param {{width: number, height: number}} canvas in CSS pixels
 * @returns {Float32Array}
 */
export function planarMatrix(ranges, frame, { width, height }) {
  const { scale, shift } = planarPlacement(ranges, frame);
  return placing({
    scale: [(2 * scale[0]) / width, (-2 * scale[1]) / height, 0],
    shift: [(2 * shift[0]) / width - 1, 1 - (2 * shift[1]) / height, 0],
  });
}

/**
 * The place of every row on the canvas; NaN for rows behind the eye.
 * @param {Float32Array} coords n × dims
 * @param {number} dims 2 or 3
 * @param {Float32Array} matrix from coordinates to clip space
 * @param {{width: number, height: number}} canvas in CSS pixels
 * @returns {Screen}
 */
export function screenOf(coords, dims, matrix, canvas) {
  const n = coords.length / dims;
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  const depth = new Float32Array(n);
  const m = matrix;
  for (let row = 0; row < n; row++) {
    const a = coords[row * dims];
    const b = coords[row * dims + 1];
    const c = dims === 3 ? coords[row * dims + 2] : 0;
    const w = m[3] * a + m[7] * b + m[11] * c + m[15];
    if (w <= 0) {
      x[row] = y[row] = NaN; // behind the eye
      continue;
    }
    x[row] = ((m[0] * a + m[4] * b + m[8] * c + m[12]) / w + 1) * 0.5 * canvas.width;
    y[row] = (1 - (m[1] * a + m[5] * b + m[9] * c + m[13]) / w) * 0.5 * canvas.height;
    depth[row] = dims === 3 ? w : 0;
  }
  return { x, y, depth };
}

/**
 * The smallest and largest value along each axis.
 * @param {Float32Array} coords n × dims
 * @param {number} dims
 * @returns {[number, number][]}
 */
export function extents(coords, dims) {
  const found = Array.from({ length: dims }, () => /** @type {[number, number]} */ ([Infinity, -Infinity]));
  for (let at = 0; at < coords.length; at++) {
    const extent = found[at % dims];
    if (coords[at] < extent[0]) extent[0] = coords[at];
    if (coords[at] > extent[1]) extent[1] = coords[at];
  }
  return found;
}

/**
 * A range widened on both sides, so that points do not touch the edge; a range without width gets one.
 * @param {[number, number]} extent
 * @param {number} [air] share of the width that is added on each side
 * @returns {[number, number]}
 */
export function withAir([low, high], air = 0.04) {
  const width = high - low || Math.abs(high) || 1;
  return [low - air * width, high + air * width];
}

/**
 * The number of pixels by which the wheel was turned; some browsers report lines or pages instead.
 * @param {Pick<WheelEvent, "deltaY" | "deltaMode">} event
 */
export function wheelPixels({ deltaY, deltaMode }) {
  return deltaY * [1, 33, 400][deltaMode];
}
