/** Other colors for a pane, as a Streamlit component of the fragment that asks for them: the page's script takes longer. */

import { recolor } from "./chrome/recolored.js";

/** @type {WeakMap<Element, string>} the request that each element has passed on last */
const passed = new WeakMap();

/**
 * Called on mount and after every change of data or theme.
 * @param {object} component
 * @param {import("./state/messages.js").RecolorRequest | null} component.data null: nothing is to change
 * @param {HTMLElement} component.parentElement
 * @param {import("./state/messages.js").Tell<import("./state/messages.js").RecolorAnswers>} component.setTriggerValue
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-recoloring"));
  const request = JSON.stringify(data);
  if (passed.get(host) === request) return; // only the theme has changed
  passed.set(host, request);
  host.dataset.ahead = String(data !== null); // the pane, of the rest of the page
  if (data) recolor(data).finally(() => requestAnimationFrame(() => setTriggerValue("painted", true)));
}
