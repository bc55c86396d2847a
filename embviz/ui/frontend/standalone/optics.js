/** The view without Plotly: ranges of a 2-D plot, and a camera in 3-D as a matrix, turned and moved. Pure. */

import { multiply } from "../maths/screen.js";

/**
 * @typedef {import("../maths/camera.js").Camera} Camera
 * @typedef {import("../maths/screen.js").Ranges} Ranges
 */

const ANGLE = Math.PI / 4; // that the camera sees, from the lower to the upper edge: as `homeCamera` takes it to be

/**
 * Ranges widened so that both axes have as many pixels per unit, with the same middle.
 * @param {Ranges} ranges
 * @param {{width: number, height: number}} frame in CSS pixels
 * @returns {Ranges}
 */
export function evenRanges({ x, y }, { width, height }) {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height);
  /** @type {(range: [number, number], size: number) => [number, number]} */
  const widened = ([low, high], size) => [(low + high - unit * size) / 2, (low + high + unit * size) / 2];
  return { x: widened(x, width), y: widened(y, height) };
}

/**
 * Ranges of an enlarged plot in which one place stays where it is on the screen.
 * @param {Ranges} ranges
 * @param {number[]} place coordinates
 * @param {number} factor by which the plot is enlarged
 * @returns {Ranges}
 */
export function rangesEnlarged({ x, y }, place, factor) {
  /** @type {(range: [number, number], at: number) => [number, number]} */
  const nearer = ([low, high], at) => [at - (at - low) / factor, at + (high - at) / factor];
  return { x: nearer(x, place[0]), y: nearer(y, place[1]) };
}

/**
 * The matrix from coordinates to clip space for a camera.
 * @param {Camera} camera
 * @param {number} aspect width of the picture by its height
 * @returns {Float32Array} its last element is the distance from the eye to the origin, along the line of sight
 */
export function cameraMatrix(camera, aspect) {
  const { right, upwards, back } = directions(camera);
  const eye = vector(camera.eye);
  const sight = new Float32Array(16);
  [right, upwards, back].forEach((direction, row) => {
    direction.forEach((at, column) => (sight[column * 4 + row] = at));
    sight[12 + row] = -dot(direction, eye);
  });
  sight[15] = 1;
  const far = 20 * length(minus(eye, vector(camera.center)));
  const near = far / 2000;
  const lens = new Float32Array(16);
  lens[5] = 1 / Math.tan(ANGLE / 2);
  lens[0] = lens[5] / aspect;
  lens[10] = (far + near) / (near - far);
  lens[11] = -1;
  lens[14] = (2 * far * near) / (near - far);
  return multiply(lens, sight);
}

/**
 * The camera turned around what it looks at.
 * @param {Camera} camera
 * @param {number} across angle by which the picture is turned to the right
 * @param {number} down angle by which it is turned down
 * @returns {Camera}
 */
export function turned(camera, across, down) {
  const { right, upwards } = directions(camera);
  const turn = (/** @type {number[]} */ at) => rotated(rotated(at, upwards, -across), right, -down);
  const center = vector(camera.center);
  const eye = turn(minus(vector(camera.eye), center)).map((at, axis) => at + center[axis]);
  return { eye: place(eye), center: camera.center, up: place(turn(upwards)) };
}

/**
 * The camera moved so that what it looks at moves on the screen.
 * @param {Camera} camera
 * @param {number} across in heights of the picture, to the right
 * @param {number} down in heights of the picture
 * @returns {Camera}
 */
export function moved(camera, across, down) {
  const { right, upwards } = directions(camera);
  const height = 2 * Math.tan(ANGLE / 2) * length(minus(vector(camera.eye), vector(camera.center)));
  const shift = right.map((at, axis) => height * (down * upwards[axis] - across * at));
  const shifted = (/** @type {import("../maths/camera.js").Place} */ from) => place(vector(from).map((at, axis) => at + shift[axis]));
  return { eye: shifted(camera.eye), center: shifted(camera.center), up: camera.up };
}

/** @param {Camera} camera @returns its own axes, of length 1 and at right angles */
function directions({ eye, center, up }) {
  const back = unit(minus(vector(eye), vector(center)));
  const right = unit(cross(vector(up), back));
  return { right, upwards: cross(back, right), back };
}

/**
 * A vector turned around an axis of length 1 (Rodrigues, 1840).
 * @param {number[]} at
 * @param {number[]} axis
 * @param {number} angle
 */
function rotated(at, axis, angle) {
  const [cos, sin, along, aside] = [Math.cos(angle), Math.sin(angle), dot(axis, at), cross(axis, at)];
  return at.map((each, index) => each * cos + aside[index] * sin + axis[index] * along * (1 - cos));
}

/** @param {import("../maths/camera.js").Place} place */
const vector = ({ x, y, z }) => [x, y, z];
const place = (/** @type {number[]} */ [x, y, z]) => ({ x, y, z });
const minus = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a.map((at, axis) => at - b[axis]);
const dot = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (/** @type {number[]} */ a) => Math.sqrt(dot(a, a));
const unit = (/** @type {number[]} */ a) => a.map((at) => at / (length(a) || 1));
const cross = (/** @type {number[]} */ a, /** @type {number[]} */ b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
