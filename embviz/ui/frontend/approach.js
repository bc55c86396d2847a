/** How close a view may come, and the one that brings two points into sight and apart. Pure. */

const NEAR = 20; // pixels between two points that all but touch
const APART = 120; // pixels between them afterwards

const MOST_SOLID_ZOOM = 6; // beyond, the camera is inside the cloud

/**
 * In 2-D the zoom at which the nearest neighbor of an item is some hundred pixels away, also inside clusters.
 * @param {number} length of the coordinates
 * @param {number} dims
 */
export function mostZoom(length, dims) {
  return dims === 3 ? MOST_SOLID_ZOOM : Math.max(20, 8 * Math.sqrt(length / dims));
}

/**
 * How much the view must be enlarged for two points to be told apart.
 * @param {number} distance between them in pixels
 * @param {boolean} inSight whether both are
 * @param {{width: number, height: number}} room
 * @param {number} most how much more the view can be enlarged
 * @returns {number | null} null where nothing has to change
 */
export function enlargement(distance, inSight, room, most) {
  if (inSight && distance >= NEAR) return null;
  const wanted = distance < NEAR ? APART : Math.min(distance, Math.min(room.width, room.height) / 2);
  return Math.min(Math.max(1, most), wanted / Math.max(distance, 1e-9));
}

/**
 * Ranges of a plane with a place in the middle.
 * @param {{x: number, y: number}} middle in units of the axes
 * @param {import("./screen.js").Ranges} ranges now
 * @param {number} factor
 * @returns {import("./screen.js").Ranges}
 */
export function rangesAround(middle, ranges, factor) {
  /** @type {(at: number, range: [number, number]) => [number, number]} */
  const around = (at, [low, high]) => [at - (high - low) / factor / 2, at + (high - low) / factor / 2];
  return { x: around(middle.x, ranges.x), y: around(middle.y, ranges.y) };
}

/**
 * @typedef {{x: number, y: number, z: number}} Vector
 * @typedef {{eye: Vector, center: Vector, up: Vector}} Camera
 */

/**
 * A camera that looks from the same side at another place.
 * @param {Vector} middle in the units of the camera
 * @param {Camera} camera now
 * @param {number} factor
 * @returns {Camera}
 */
export function cameraAround(middle, { eye, center, up }, factor) {
  const nearer = (/** @type {"x" | "y" | "z"} */ axis) => middle[axis] + (eye[axis] - center[axis]) / factor;
  return { eye: { x: nearer("x"), y: nearer("y"), z: nearer("z") }, center: { ...middle }, up };
}
