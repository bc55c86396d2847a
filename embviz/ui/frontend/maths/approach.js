/** How close a view may come, and how close it must to tell two points apart. Pure. */

const NEAR = 20; // pixels between two points that all but touch
const APART = 120; // pixels between them afterwards

const MOST_SOLID_ZOOM = 6; // beyond, most points are behind the camera

/**
 * In 2-D the zoom at which neighbors are, on average, twice as far from each other as the stage is wide at home.
 * @param {number} length of the coordinates
 * @param {number} dims
 */
export function mostZoom(length, dims) {
  return dims === 3 ? MOST_SOLID_ZOOM : Math.max(20, 2 * Math.sqrt(length / dims));
}

/**
 * How much the view must be enlarged for two points to be told apart.
 * @param {number | null} distance between them in pixels; null where it is not known
 * @param {boolean} inSight whether both are
 * @param {{width: number, height: number}} room
 * @param {number} most how much more the view can be enlarged
 * @returns {number | null} null where nothing has to change
 */
export function enlargement(distance, inSight, room, most) {
  if (distance === null || (inSight && distance >= NEAR)) return null;
  const wanted = distance < NEAR ? APART : Math.min(distance, Math.min(room.width, room.height) / 2);
  return Math.min(Math.max(1, most), wanted / Math.max(distance, 1e-9));
}
