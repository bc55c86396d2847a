/** Other colors for what a pane shows, told on a channel before its next request from Python has them. */

import { Colors } from "../plot/colors.js";
import { legendKey } from "../state/coloring.js";

/**
 * @typedef {object} Recolored
 * @property {string} items revision of the items that are colored
 * @property {import("../state/messages.js").ColoringMessage | null} coloring null: all items get one color
 * @property {ArrayBuffer} content what is at the coloring's address
 */

/** @type {Map<string, (told: Recolored) => Promise<void>>} listener of each pane */
const listeners = new Map();

/**
 * Have a pane change its colors.
 * @param {string} pane its key
 * @param {Recolored} told
 * @returns {Promise<void>} until it has; at once where there is no such pane
 */
export async function recolor(pane, told) {
  await listeners.get(pane)?.(told);
}

/**
 * @param {string} pane
 * @param {(told: Recolored) => Promise<void>} listener
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
 * @param {Recolored} told
 * @returns {Promise<void>} until the next frame has them; at once if it has them, or shows other items by now
 */
export async function giveColors(projector, { items, coloring: message, content }) {
  if (items !== projector.request.items.revision || message?.revision === projector.request.coloring?.revision) return;
  if (message) projector.loader.keepColoring(projector.request, message, content);
  const request = { ...projector.request, coloring: message };
  const { coloring } = await projector.loader.load(request);
  if (projector.destroyed) return;
  projector.hover.leave();
  projector.request = request;
  projector.colors = new Colors(message, coloring, projector.theme);
  projector.legendKey = legendKey(request.source, message);
  projector.repaint();
}
