/** The address of the page: the query that Python gives, and the camera or ranges, which only the browser knows. */

/**
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("./messages.js").ProjectorRequest} ProjectorRequest
 * @typedef {import("../maths/camera.js").Camera} Camera
 * @typedef {import("../maths/screen.js").Ranges} Ranges
 * @typedef {{camera: Camera} | {ranges: Ranges}} Look the camera of a 3-D plot, or the axis ranges of a 2-D plot
 */

const STREAMLITS = ["embed", "embed_options"]; // parameters that Streamlit itself reads in an address
const SETTLED = 400; // milliseconds after the last movement; browsers let a page change its address only so often

/**
 * The text of a camera or of ranges, with four digits: 4 numbers in 2-D, 9 in 3-D.
 * @param {Look} look
 */
export function lookText(look) {
  return numbersOf(look).map((number) => String(Number(number.toPrecision(4)))).join("_");
}

/**
 * The numbers of a camera or of ranges; none for the home view.
 * @param {Look | null} look
 */
export function numbersOf(look) {
  const { camera, ranges } = /** @type {{camera?: Camera, ranges?: Ranges}} */ (look ?? {});
  const places = camera ? [camera.eye, camera.center, camera.up] : [];
  return ranges ? [...ranges.x, ...ranges.y] : places.flatMap(({ x, y, z }) => [x, y, z]);
}

/**
 * The camera or the ranges that numbers stand for; null for the home view.
 * @param {number[]} numbers
 * @returns {Look | null}
 */
export function lookOf(numbers) {
  if (!numbers.length) return null;
  const [left, right, bottom, top] = numbers;
  if (numbers.length === 4) return { ranges: { x: [left, right], y: [bottom, top] } };
  const [eye, center, up] = [0, 3, 6].map((at) => ({ x: numbers[at], y: numbers[at + 1], z: numbers[at + 2] }));
  return { camera: { eye, center, up } };
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

/** Keeps the address of the page in step with one projector. */
export class AddressBar {
  /** @param {Memory} memory of the pane */
  constructor(memory) {
    this.memory = memory;
    this.said = "";
    this.isAsked = false;
    this.place = "";
    this.timer = 0;
  }

  /**
   * Restore the camera or ranges of a request, once for each key; called before the request is drawn.
   * @param {ProjectorRequest} request
   * @param {import("../plot/views.js").LinkedViews} views of the plot
   */
  async lookAgain({ look, coords, run }, views) {
    if (!look || look.key === this.memory.looked.followed) return;
    this.memory.looked.followed = look.key;
    await views.lookFrom(run?.place ?? coords.revision, lookOf(look.camera));
  }

  /**
   * Write the view that is shown into the address.
   * @param {ProjectorRequest} request
   */
  show({ address, isAsked, coords, run }) {
    this.said = address;
    this.isAsked = isAsked;
    this.place = run?.place ?? coords.revision;
    this.#write();
  }

  /** @returns {Look | null} camera or ranges of the view asked for; null for the home view, and if another view is drawn */
  look() {
    const [camera, ranges] = [this.memory.cameras.get(this.place), this.memory.ranges.get(this.place)];
    if (!this.isAsked) return null;
    return camera ? { camera } : ranges ? { ranges } : null;
  }

  /** Write the camera or the ranges once the view has not changed for a moment. */
  showSoon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#write(), SETTLED);
  }

  #write() {
    if (!this.said) return;
    const query = queryWith(location.search, this.said, this.look());
    if (`?${query}` !== location.search) history.replaceState(history.state, "", `?${query}${location.hash}`);
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
