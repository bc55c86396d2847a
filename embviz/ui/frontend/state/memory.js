/** What the page remembers of its views: it outlives mounts, so that another layout or page and back changes nothing. */

export const memory = {
  /** @type {Map<string, import("../maths/camera.js").Camera>} of each revision of coordinates, where a person has moved it */
  cameras: new Map(),
  /** @type {import("../maths/camera.js").Side | undefined} from which a person looked last; undefined: from the usual one */
  side: undefined,
  /** @type {Map<string, {x: number[], y: number[]}>} of each revision of coordinates */
  ranges: new Map(),
  /** @type {Map<string, Set<number>>} codes hidden in each legend, by its `legendKey` */
  hidden: new Map(),
  /** @type {import("../chrome/toolbar.js").Tool} */
  tool: "pan",
  /** Whether a run ended with the server, and nothing else was computed since. */
  lostRun: false,
};
