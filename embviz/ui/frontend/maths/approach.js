/** The factor by which a view may be enlarged, and the one that it takes to tell two points apart. Pure. */

const NEAR = 20; // pixels: two points that are nearer to each other cannot be told apart well
const APART = 120; // pixels between two such points after the view was enlarged

const MOST_SOLID_ZOOM = 6; // largest zoom in 3-D: with a larger one most points are behind the camera

/**
 * The largest zoom of a view; 1 is the home view.
 * In 2-D, at the largest zoom, the stage is half as wide as the average distance between neighbors.
 * @param {number} length of the coordinates
 * @param {number} dims
 */
export function mostZoom(length, dims) {
  return dims === 3 ? MOST_SOLID_ZOOM : Math.max(20, 2 * Math.sqrt(length / dims));
}

/**
 * The factor by which the view must be enlarged for two points to be told apart.
 * @param {number | null} distance between the points in pixels; null if it is not known
 * @param {boolean} inSight whether both points are in sight
 * @param {{width: number, height: number}} room size of the stage in pixels
 * @param {number} most largest factor that is possible
 * @returns {number | null} null if the view need not change
 */
export function enlargement(distance, inSight, room, most) {
  if (distance === null || (inSight && distance >= NEAR)) return null;
  const wanted = distance < NEAR ? APART : Math.min(distance, Math.min(room.width, room.height) / 2);
  return Math.min(Math.max(1, most), wanted / Math.max(distance, 1e-9));
}
