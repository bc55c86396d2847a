/** The browser's memory of each pane: it outlives mounts, so that another layout or page and back changes nothing. */

/**
 * @typedef {object} Look how points are drawn
 * @property {number} size factor on the usual size
 * @property {number} opacity 0 to 1
 * @property {boolean} images whether pictures are drawn in the place of points, where there is room
 * @property {boolean} density whether the density of points is drawn in their place
 * @property {boolean} lines whether items are joined to the next ones, where it is known which these are
 */

/** @type {Look} */
export const USUAL_LOOK = { size: 1, opacity: 1, images: false, lines: true, density: false };

export class Memory {
  constructor() {
    this.look = USUAL_LOOK;
    /** @type {Map<string, import("../maths/camera.js").Camera>} of each revision of coordinates, where a person has moved it */
    this.cameras = new Map();
    /** @type {import("../maths/camera.js").Side | undefined} from which a person looked last; undefined: from the usual one */
    this.side = undefined;
    /** @type {Map<string, import("../maths/screen.js").Ranges>} of each revision of coordinates */
    this.ranges = new Map();
    /** Keys of the last request to look from somewhere, and of the last one to say from where. */
    this.looked = { followed: "", told: "" };
    /** @type {Map<string, Set<number>>} codes hidden in each legend, by its `legendKey` */
    this.hidden = new Map();
    /** @type {import("../chrome/toolbar.js").Tool} */
    this.tool = "pan";
    /** Whether a run ended with the server, and nothing else was computed since. */
    this.lostRun = false;
  }
}

/** @type {Map<string, Memory>} */
const memories = new Map();

/**
 * The memory of one pane, which no other pane shares.
 * @param {string} pane its key
 * @returns {Memory} always the same
 */
export function memoryOf(pane) {
  const known = memories.get(pane) ?? new Memory();
  memories.set(pane, known);
  return known;
}
