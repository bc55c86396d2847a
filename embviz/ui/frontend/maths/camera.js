/** Positions of a camera that looks at a cloud of points. Pure. */

/** @typedef {{x: number, y: number, z: number}} Place a point or direction in the units of Plotly's box */

/** @typedef {{eye: Place, center: Place, up: Place}} Camera a camera in Plotly's terms; center is what it looks at */

/** @typedef {{direction: Place, up: Place}} Side the side from which a camera looks: direction from its center to its eye, and up */

/** @typedef {{center: number[], radius: number}} Cloud a ball that holds nearly all points, in the units of Plotly's box */

const USUAL_SIDE = { direction: { x: 0.65, y: 0.65, z: 0.39 }, up: { x: 0, y: 0, z: 1 } }; // from in front, a little above
const VIEW_ANGLE = Math.PI / 4; // angle that Plotly's camera sees, from the lower to the upper edge of the picture
const FILLED = 0.94; // share of the picture's size that the ball takes
const IN_SIGHT = 0.98; // share of the points that the ball holds
const SAMPLE = 2000; // points that the ball is computed from; with more, a layout that forms would be drawn less often

/** @type {WeakMap<Float32Array, {placement: import("./glide.js").Placement, cloud: Cloud}>} */
const found = new WeakMap();

/**
 * The ball around the median of the points that holds 98 % of them. It is remembered, because a gesture asks in every frame.
 * @param {Float32Array} coords n × 3; not changed after the first call
 * @param {import("./glide.js").Placement} placement from coordinates to Plotly's box; not changed either
 * @returns {Cloud}
 */
export function cloudOf(coords, placement) {
  const before = found.get(coords);
  if (before?.placement === placement) return before.cloud;
  const cloud = newCloud(coords, placement);
  found.set(coords, { placement, cloud });
  return cloud;
}

/**
 * @param {Float32Array} coords
 * @param {import("./glide.js").Placement} placement
 * @returns {Cloud}
 */
function newCloud(coords, { scale, shift }) {
  const n = coords.length / 3;
  const step = Math.max(1, Math.floor(n / SAMPLE));
  const rows = Array.from({ length: Math.ceil(n / step) }, (_, at) => at * step);
  const places = rows.map((row) => scale.map((factor, axis) => coords[3 * row + axis] * factor + shift[axis]));
  const center = scale.map((_, axis) => places.map((place) => place[axis]).sort((a, b) => a - b)[places.length >> 1] ?? 0);
  const distances = places.map((place) => Math.hypot(...place.map((at, axis) => at - center[axis]))).sort((a, b) => a - b);
  return { center, radius: distances[Math.floor(IN_SIGHT * (distances.length - 1))] || 1 };
}

/**
 * The camera that sees the whole cloud.
 * @param {Cloud} cloud
 * @param {{width: number, height: number}} room size of the picture in pixels
 * @param {Side} [side]
 * @returns {Camera}
 */
export function homeCamera({ center: [x, y, z], radius }, { width, height }, { direction, up } = USUAL_SIDE) {
  const half = Math.atan(FILLED * Math.tan(VIEW_ANGLE / 2) * Math.min(1, width / height));
  const far = radius / Math.sin(half) / Math.hypot(direction.x, direction.y, direction.z);
  const eye = { x: x + far * direction.x, y: y + far * direction.y, z: z + far * direction.z };
  return { eye, center: { x, y, z }, up: { ...up } };
}

/**
 * The side from which a camera looks.
 * @param {Camera} camera
 * @returns {Side}
 */
export function sideOf({ eye, center, up }) {
  return { direction: { x: eye.x - center.x, y: eye.y - center.y, z: eye.z - center.z }, up: { ...up } };
}

/**
 * The distance from a camera's eye to its center.
 * @param {Camera} camera
 */
export function distanceOf({ eye, center }) {
  return Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z);
}

/**
 * A camera that looks from the same side at another place.
 * @param {Place} middle that place
 * @param {Camera} camera the present camera
 * @param {number} factor by which the picture is enlarged
 * @returns {Camera}
 */
export function cameraAround(middle, { eye, center, up }, factor) {
  const nearer = (/** @type {"x" | "y" | "z"} */ axis) => middle[axis] + (eye[axis] - center[axis]) / factor;
  return { eye: { x: nearer("x"), y: nearer("y"), z: nearer("z") }, center: { ...middle }, up };
}
