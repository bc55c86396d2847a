/** From coordinates to pixels on the screen. Pure maths, column-major 4×4 matrices as WebGL has them. */

/**
 * @typedef {object} Screen where every row lies on the plot, in CSS pixels from the plot's top left
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {Float32Array} depth smaller is nearer; all 0 in 2-D
 */

/** @typedef {{x: [number, number], y: [number, number]}} Ranges what the axes of a plane show */

/**
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
 * Matrix that multiplies each axis by its own factor and then moves it.
 * @param {import("./glide.js").Placement} placement of three axes
 * @returns {Float32Array}
 */
export function placing({ scale: [x, y, z], shift: [right, up, out] }) {
  return new Float32Array([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, right, up, out, 1]);
}

/**
 * Where 2-D data lie on the canvas, in CSS pixels: the frame's ranges become its rectangle.
 * @param {{x: [number, number], y: [number, number]}} ranges data ranges of the frame
 * @param {{left: number, top: number, width: number, height: number}} frame in CSS pixels on the canvas
 * @returns {import("./glide.js").Placement}
 */
export function planarPlacement({ x, y }, { left, top, width, height }) {
  const scale = [width / (x[1] - x[0]), -height / (y[1] - y[0])];
  return { scale, shift: [left - x[0] * scale[0], top + height - y[0] * scale[1]] };
}

/**
 * The ranges of a frame that has another size now: the same middle, and as many units per pixel.
 * @param {Ranges} ranges before
 * @param {{width: number, height: number}} before in CSS pixels
 * @param {{width: number, height: number}} after
 * @returns {Ranges}
 */
export function resizedRanges({ x, y }, before, after) {
  return { x: stretched(x, after.width / before.width), y: stretched(y, after.height / before.height) };
}

/**
 * @param {[number, number]} range
 * @param {number} factor
 * @returns {[number, number]} a range so much as wide, about the same middle
 */
function stretched([low, high], factor) {
  const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
  return [middle - half, middle + half];
}

/**
 * Ranges of a plane with a place in the middle.
 * @param {number[]} place
 * @param {Ranges} ranges now
 * @param {number} factor by which everything gets larger
 * @returns {Ranges}
 */
export function rangesAround([x, y], ranges, factor) {
  /** @type {(at: number, range: [number, number]) => [number, number]} */
  const around = (at, [low, high]) => [at - (high - low) / factor / 2, at + (high - low) / factor / 2];
  return { x: around(x, ranges.x), y: around(y, ranges.y) };
}

/**
 * The place in the middle of a plane.
 * @param {Ranges} ranges
 * @returns {number[]}
 */
export function middleOf({ x, y }) {
  return [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
}

/**
 * How much closer than at home a view is: 1 at home, 2 where everything is twice as large.
 * @param {Ranges} home
 * @param {Ranges} now
 * @returns {number}
 */
export function zoomOf(home, now) {
  const width = (/** @type {[number, number]} */ [low, high]) => high - low;
  return Math.max(width(home.x) / width(now.x), width(home.y) / width(now.y)); // at home one of them has more room
}

/**
 * Matrix that brings 2-D data to clip space.
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
 * Every row's place on the canvas.
 * @param {Float32Array} coords n × dims
 * @param {number} dims 2 or 3
 * @param {Float32Array} matrix to clip space
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
 * Smallest and largest value of each coordinate.
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
 * A range with some air around it; a range without width gets one.
 * @param {[number, number]} extent
 * @param {number} [air] share of the width added on each side
 * @returns {[number, number]}
 */
export function withAir([low, high], air = 0.04) {
  const width = high - low || Math.abs(high) || 1;
  return [low - air * width, high + air * width];
}

/**
 * How far the wheel was turned; some browsers say it in lines or pages.
 * @param {Pick<WheelEvent, "deltaY" | "deltaMode">} event
 */
export function wheelPixels({ deltaY, deltaMode }) {
  return deltaY * [1, 33, 400][deltaMode];
}
