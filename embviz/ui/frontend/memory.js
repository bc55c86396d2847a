/** What the page remembers of its views: it outlives mounts, so that another layout or page and back changes nothing. */

export const memory = {
  /** @type {import("./camera.js").Camera | undefined} as a person has turned it; undefined: nobody has */
  camera: undefined,
  /** @type {Map<string, {x: number[], y: number[]}>} of each revision of coordinates */
  ranges: new Map(),
  /** @type {Map<string, Set<number>>} hidden classes of each source */
  hidden: new Map(),
  /** @type {import("./toolbar.js").Tool} */
  tool: "pan",
  /** Whether a run ended with the server, and nothing else was computed since. */
  lostRun: false,
};
