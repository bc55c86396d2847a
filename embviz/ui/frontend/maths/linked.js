/** The view of a plot relative to its home view, so that plots of other coordinates can follow it. Pure. */

import { distanceOf } from "./camera.js";
import { zoomOf } from "./screen.js";

/** @typedef {import("./screen.js").Ranges} Ranges */
/** @typedef {import("./camera.js").Camera} Camera */

/**
 * @typedef {object} PlanarView
 * @property {2} dims
 * @property {number} zoom 1 for the home view, 2 if everything is twice as large
 * @property {number[]} middle place in the middle: 0 at the low end of each axis of the home view, 1 at the high end
 */

/**
 * @typedef {object} SolidView
 * @property {3} dims
 * @property {Camera} camera in a scene whose home camera looks at 0 from a distance of 1
 */

/**
 * @param {Ranges} now
 * @param {Ranges} home
 * @returns {PlanarView}
 */
export function planarView(now, home) {
  const share = (/** @type {[number, number]} */ [low, high], /** @type {[number, number]} */ [first, last]) =>
    ((low + high) / 2 - first) / (last - first);
  return { dims: 2, zoom: zoomOf(home, now), middle: [share(now.x, home.x), share(now.y, home.y)] };
}

/**
 * @param {PlanarView} view
 * @param {Ranges} home
 * @returns {Ranges}
 */
export function rangesOf({ zoom, middle }, home) {
  /** @type {(share: number, range: [number, number]) => [number, number]} */
  const around = (share, [low, high]) => {
    const [at, half] = [low + share * (high - low), (high - low) / zoom / 2];
    return [at - half, at + half];
  };
  return { x: around(middle[0], home.x), y: around(middle[1], home.y) };
}

/**
 * @param {Camera} now
 * @param {Camera} home
 * @returns {SolidView}
 */
export function solidView(now, home) {
  const far = distanceOf(home);
  return { dims: 3, camera: { eye: placed(now.eye, home.center, 1 / far), center: placed(now.center, home.center, 1 / far), up: { ...now.up } } };
}

/**
 * @param {SolidView} view
 * @param {Camera} home
 * @returns {Camera}
 */
export function cameraOf({ camera: { eye, center, up } }, home) {
  const far = distanceOf(home);
  const back = (/** @type {import("./camera.js").Place} */ place) => ({
    x: home.center.x + place.x * far,
    y: home.center.y + place.y * far,
    z: home.center.z + place.z * far,
  });
  return { eye: back(eye), center: back(center), up: { ...up } };
}

/**
 * A place seen from another one, in other units.
 * @param {import("./camera.js").Place} place
 * @param {import("./camera.js").Place} from
 * @param {number} factor
 */
function placed(place, from, factor) {
  return { x: (place.x - from.x) * factor, y: (place.y - from.y) * factor, z: (place.z - from.z) * factor };
}
