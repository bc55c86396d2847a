/** Other colors for what a pane shows, told on a channel before its next request from Python has them. */

import { Colors } from "../plot/colors.js";
import { legendKey } from "../state/coloring.js";

/** @typedef {import("../state/messages.js").RecolorRequest} RecolorRequest */

/** @type {Map<string, (request: RecolorRequest) => Promise<void>>} listener of each pane */
const listeners = new Map();

/**
 * Have a pane change its colors.
 * @param {RecolorRequest} request
 * @returns {Promise<void>} until it has; at once where there is no such pane
 */
export async function recolor(request) {
  await listeners.get(request.pane)?.(request);
}

/**
 * @param {string} pane
 * @param {(request: RecolorRequest) => Promise<void>} listener
 * @returns {() => void} stops listening
 */
export function onRecolored(pane, listener) {
  listeners.set(pane, listener);
  return () => {
    if (listeners.get(pane) === listener) listeners.delete(pane);
  };
}

/**
 * Give a projector's points other colors, and its legend their entries.
 * @param {import("../projector.js").Projector} projector
 * @param {RecolorRequest} told
 * @returns {Promise<void>} until the next frame has them; at once if the projector shows other items by now
 */
export async function giveColors(projector, { items, coloring: message }) {
  if (items !== projector.request.items.revision) return;
  const request = { ...projector.request, coloring: message };
  const { coloring } = await projector.loader.load(request);
  if (projector.destroyed) return;
  projector.hover.leave();
  projector.request = request;
  projector.colors = new Colors(message, coloring, projector.theme);
  projector.legendKey = legendKey(request.source, message);
  projector.repaint();
}
