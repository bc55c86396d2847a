/** Other colors for a pane, as a Streamlit component that fetches them when they are chosen: the page's script takes longer. */

import { watchOptions } from "./pointer/options.js";
import { recolor } from "./chrome/recolored.js";
import { fetchBytes } from "./state/arrays.js";
import { decodeColors } from "./state/coloring.js";

/** @typedef {import("./state/messages.js").RecoloringRequest} Request */

/**
 * @typedef {object} Mount
 * @property {Request} data
 * @property {string} told the request as text; empty before the first one
 * @property {() => void} stop ends the watch of the options
 */

/** @type {WeakMap<Element, Mount>} */
const mounts = new WeakMap();

/**
 * Called on mount and after every change of data or theme. The returned function is called as that of `index.js` is.
 * @param {object} component
 * @param {Request} component.data
 * @param {HTMLElement} component.parentElement
 * @param {import("./state/messages.js").Tell<import("./state/messages.js").RecoloringAnswers>} component.setTriggerValue
 * @param {string} base address that all others are relative to
 */
export default function ({ data, parentElement, setTriggerValue }, base) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-recoloring"));
  /** @type {Mount} */
  const mount = mounts.get(host) ?? { data, told: "", stop: watchOptions(data.select, (title) => pressed(mount.data, title, base)) };
  mounts.set(host, mount);
  const told = JSON.stringify(data);
  if (mount.told !== told) {
    Object.assign(mount, { data, told });
    host.dataset.ahead = String(data.chosen !== null); // the pane, of the rest of the page
    if (data.chosen !== null) chosen(data, new URL(data.chosen, base), () => setTriggerValue("painted", true));
  }
  return () => setTimeout(() => {
    if (host.isConnected || mounts.get(host) !== mount) return;
    mount.stop();
    mounts.delete(host);
  });
}

/**
 * Fetch the colors of a pressed option. If that fails, they come with the page's script, which says what is wrong.
 * @param {Request} data
 * @param {string} title
 * @param {string} base
 * @returns {() => void} gives them to the pane, once the option is chosen
 */
function pressed({ pane, items, url }, title, base) {
  const colors = fetchBytes(new URL(url + encodeURIComponent(title), base), []).then(decodeColors);
  colors.catch(console.error);
  return () => void colors.then((found) => recolor(pane, { items, ...found }), () => {});
}

/**
 * Give a pane the colors that are chosen; a pane that has them since their option was pressed keeps them.
 * @param {Request} data
 * @param {URL} url
 * @param {() => void} onPainted called when the pane has them, or if they cannot be fetched
 */
async function chosen({ pane, items }, url, onPainted) {
  try {
    await recolor(pane, { items, ...decodeColors(await fetchBytes(url, [])) });
  } catch (error) {
    console.error(error); // the page's script follows, and says what is wrong
  }
  requestAnimationFrame(onPainted);
}
