/** The browser's memory of each pane: it outlives mounts, so that nothing is lost when another layout or page is shown in between. */

/**
 * @typedef {object} Look how points are drawn
 * @property {number} size factor on the usual size
 * @property {number} opacity 0 to 1
 * @property {boolean} images whether pictures are drawn in the place of points, where there is room
 * @property {boolean} density whether the density of points is drawn instead of points
 * @property {boolean} lines whether lines join each item to the next one, where a column says which that is
 */

/** @type {Look} */
export const USUAL_LOOK = { size: 1, opacity: 1, images: false, lines: true, density: false };

export class Memory {
  constructor() {
    this.look = USUAL_LOOK;
    /** @type {Map<string, import("../maths/camera.js").Camera>} by the revision of coordinates; only where a person has moved the camera */
    this.cameras = new Map();
    /** @type {import("../maths/camera.js").Side | undefined} side from which a person looked last; undefined: the usual side */
    this.side = undefined;
    /** @type {Map<string, import("../maths/screen.js").Ranges>} by the revision of coordinates */
    this.ranges = new Map();
    /** Keys of the last request to restore a camera or ranges, and of the last request to report them. */
    this.looked = { followed: "", told: "" };
    /** @type {Map<string, Set<number>>} codes hidden in each legend, by its `legendKey` */
    this.hidden = new Map();
    /** @type {import("../chrome/toolbar.js").Tool} */
    this.tool = "pan";
    /** Whether a run ended because the server stopped, and no other layout was shown since. */
    this.lostRun = false;
  }
}

/** @type {Map<string, Memory>} */
const memories = new Map();

/**
 * The memory of one pane, which no other pane shares.
 * @param {string} pane its key
 * @param {boolean} isLinked whether a new pane begins with the look, the views and the hidden classes of the first one
 * @returns {Memory} always the same
 */
export function memoryOf(pane, isLinked = false) {
  const known = memories.get(pane) ?? (isLinked ? likeTheFirst() : new Memory());
  memories.set(pane, known);
  return known;
}

/**
 * Whether a pane is the first one of the page, beside which the others were opened.
 * @param {string} pane its key, already known here
 */
export function isFirst(pane) {
  return memories.keys().next().value === pane;
}

function likeTheFirst() {
  const memory = new Memory();
  const first = memories.values().next().value ?? memory;
  Object.assign(memory, { look: first.look, side: first.side });
  for (const [revision, camera] of first.cameras) memory.cameras.set(revision, camera);
  for (const [revision, ranges] of first.ranges) memory.ranges.set(revision, ranges);
  for (const [legend, codes] of first.hidden) memory.hidden.set(legend, new Set(codes));
  return memory;
}
