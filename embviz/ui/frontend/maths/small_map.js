/** Places of points in a small map, and the point nearest to the pointer. Pure. */

/**
 * Places of points in a picture: both axes have one scale, and the points fill the picture but for a margin.
 * @param {Float32Array} coords x and y of each point
 * @param {number} width of the picture
 * @param {number} height
 * @param {number} margin kept free on all sides
 * @returns {Float32Array} x and y of each point from the top left; y grows downward
 */
export function placed(coords, width, height, margin) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  coords.forEach((value, at) => {
    low[at % 2] = Math.min(low[at % 2], value);
    high[at % 2] = Math.max(high[at % 2], value);
  });
  const room = [width - 2 * margin, height - 2 * margin];
  const spans = [high[0] - low[0], high[1] - low[1]];
  const scale = Math.min(...spans.map((span, axis) => (span > 0 ? room[axis] / span : Infinity)));
  const factor = Number.isFinite(scale) ? scale : 0;
  const middle = [width / 2, height / 2];
  return coords.map((value, at) => {
    const axis = at % 2;
    const aside = (value - (low[axis] + high[axis]) / 2) * factor;
    return middle[axis] + (axis === 0 ? aside : -aside);
  });
}

/**
 * The point nearest to a place.
 * @param {Float32Array} places as from `placed`
 * @param {number} x
 * @param {number} y
 * @param {number} within largest distance
 * @returns {number} its index; -1 if none is so near
 */
export function nearest(places, x, y, within) {
  let found = -1;
  let least = within * within;
  for (let at = 0; at < places.length / 2; at++) {
    const square = (places[2 * at] - x) ** 2 + (places[2 * at + 1] - y) ** 2;
    if (square <= least) [found, least] = [at, square];
  }
  return found;
}
