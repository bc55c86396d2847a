/** The address of the page: the query that Python gives, and the camera or ranges, which only the browser knows. */

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./messages.js").ProjectorRequest} ProjectorRequest
 * @typedef {import("../maths/camera.js").Camera} Camera
 * @typedef {{camera: Camera} | {ranges: {x: number[], y: number[]}}} Look camera in 3-D, ranges in 2-D
 */

const STREAMLITS = ["embed", "embed_options"]; // parameters that Streamlit itself reads in an address
const SETTLED = 400; // milliseconds after the last movement; browsers let a page change its address only so often

/**
 * The text of a camera or of ranges, with four digits: 4 numbers in 2-D, 9 in 3-D.
 * @param {Look} look
 */
export function lookText(look) {
  const { camera, ranges } = /** @type {{camera?: Camera, ranges?: {x: number[], y: number[]}}} */ (look);
  const places = camera ? [camera.eye, camera.center, camera.up] : [];
  const numbers = ranges ? [...ranges.x, ...ranges.y] : places.flatMap(({ x, y, z }) => [x, y, z]);
  return numbers.map((number) => String(Number(number.toPrecision(4)))).join("_");
}

/**
 * The camera or ranges in a text; null if the text has neither, or those of the other number of dimensions.
 * @param {string} text
 * @param {number} dims
 * @returns {Look | null}
 */
export function lookIn(text, dims) {
  const numbers = text.split("_").map((part) => (part.trim() ? Number(part) : NaN));
  if (numbers.length !== (dims === 3 ? 9 : 4) || !numbers.every((number) => Math.abs(number) < 1e9)) return null;
  if (dims === 2) {
    const [left, right, bottom, top] = numbers;
    return left < right && bottom < top ? { ranges: { x: [left, right], y: [bottom, top] } } : null;
  }
  const [eye, center, up] = [0, 3, 6].map((at) => ({ x: numbers[at], y: numbers[at + 1], z: numbers[at + 2] }));
  const isSomewhere = Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z) > 1e-6;
  return isSomewhere && Math.hypot(up.x, up.y, up.z) > 1e-6 ? { camera: { eye, center, up } } : null;
}

/**
 * The query of an address.
 * @param {string} before the present one
 * @param {string} said the query that Python gives for the view
 * @param {Look | null} look
 */
export function queryWith(before, said, look) {
  const kept = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(before)) if (STREAMLITS.includes(name)) kept.append(name, value);
  const parts = [said, look ? `camera=${lookText(look)}` : "", String(kept)];
  return parts.filter(Boolean).join("&");
}

/** @param {string} query @returns its part on the view, in an order that can be compared */
function viewIn(query) {
  const parts = [...new URLSearchParams(query)].filter(([name]) => name !== "camera" && !STREAMLITS.includes(name));
  return parts.map((part) => part.join("=")).join("&");
}

/** The query that the page was opened with, until its view is shown or another one is asked for. */
let opening = globalThis.location?.search ?? "";

/** Keeps the address in step with one projector; what moves there is told to nobody else. */
export class AddressBar {
  /**
   * @param {HTMLElement} host
   * @param {Memory} memory of the pane
   */
  constructor(host, memory) {
    this.memory = memory;
    this.said = "";
    this.place = "";
    this.timer = 0;
    for (const kind of ["pointerup", "wheel", "keyup", "click", "dblclick"]) host.addEventListener(kind, () => this.#soon(), true);
  }

  /**
   * Restore camera or ranges from the address, if it is of the view shown now; called before that is drawn.
   * @param {ProjectorRequest} request
   */
  lookAgain({ address, isAsked, coords, run }) {
    if (!address || !opening || !isAsked) return;
    const [query, isSame] = [new URLSearchParams(opening), viewIn(opening) === viewIn(address)];
    opening = "";
    const look = isSame ? lookIn(query.get("camera") ?? "", coords.dims) : null;
    if (look && "camera" in look) this.memory.cameras.set(run?.place ?? coords.revision, look.camera);
    if (look && "ranges" in look) this.memory.ranges.set(run?.place ?? coords.revision, look.ranges);
  }

  /**
   * Write the view that is shown into the address.
   * @param {ProjectorRequest} request
   */
  show({ address, coords, run }) {
    this.said = address;
    this.place = run?.place ?? coords.revision;
    this.#write();
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#write(), SETTLED);
  }

  #write() {
    if (!this.said) return;
    const { cameras, ranges } = this.memory;
    const [camera, range] = [cameras.get(this.place), ranges.get(this.place)];
    const look = camera ? { camera } : range ? { ranges: range } : null;
    const query = queryWith(location.search, this.said, look);
    if (`?${query}` !== location.search) history.replaceState(history.state, "", `?${query}${location.hash}`);
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
