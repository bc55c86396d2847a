/** From coordinates to pixels on the screen. Pure maths, column-major 4×4 matrices as WebGL has them. */

/**
 * @typedef {object} Screen where every row lies on the plot, in CSS pixels from the plot's top left
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {Float32Array} depth smaller is nearer; all 0 in 2-D
 */

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
 * @param {number[]} scale x, y, z
 * @returns {Float32Array}
 */
export function scaling([x, y, z]) {
  return new Float32Array([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1]);
}

/**
 * Matrix that brings 2-D data to clip space: the frame's ranges become its rectangle on the canvas.
 * @param {{x: [number, number], y: [number, number]}} ranges data ranges of the frame
 * @param {{left: number, top: number, width: number, height: number}} frame in CSS pixels on the canvas
 * @param {{width: number, height: number}} canvas in CSS pixels
 * @returns {Float32Array}
 */
export function planarMatrix(ranges, frame, canvas) {
  const scaleX = ((frame.width / (ranges.x[1] - ranges.x[0])) * 2) / canvas.width;
  const scaleY = ((frame.height / (ranges.y[1] - ranges.y[0])) * 2) / canvas.height;
  const left = (frame.left * 2) / canvas.width - 1;
  const bottom = 1 - ((frame.top + frame.height) * 2) / canvas.height;
  const matrix = scaling([scaleX, scaleY, 0]);
  matrix[12] = left - ranges.x[0] * scaleX;
  matrix[13] = bottom - ranges.y[0] * scaleY;
  return matrix;
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
