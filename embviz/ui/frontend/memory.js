/** What the page remembers of its views: it outlives mounts, so that another layout or page and back changes nothing. */

export const memory = {
  /** @type {object | undefined} as Plotly has it */
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
