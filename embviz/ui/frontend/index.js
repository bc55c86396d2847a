/** The projector as a Streamlit component: the only file that knows Streamlit's contract. */

import { automationOf } from "./automation.js";
import { Projector } from "./projector.js";
import { giveColors, onRecolored } from "./chrome/recolored.js";
import { AddressBar, numbersOf } from "./state/address.js";

for (const early of [import("./gallery.js"), import("./heatmap.js"), import("./recoloring.js")]) {
  early.catch(() => {}); // loaded early, so that panels need not wait; if loading fails, mounting them reports it
}

/** @typedef {import("./state/messages.js").Tell<import("./state/messages.js").ProjectorAnswers>} Tell */

/** @type {WeakMap<Element, {projector: Projector, bar: AddressBar, turn: Promise<void>, forget: () => void}>} */
const mounts = new WeakMap();

/**
 * Draw a request; Streamlit calls it on mount and after every change of data or theme. It calls the returned function
 * when the element has left the page, and also after a call with data that newer data has overtaken while scripts loaded.
 * @param {object} component
 * @param {import("./state/messages.js").ProjectorRequest} component.data
 * @param {HTMLElement} component.parentElement
 * @param {Tell} component.setStateValue
 * @param {Tell} component.setTriggerValue
 * @param {string} base address that all others are relative to
 */
export default function ({ data: request, parentElement, setStateValue, setTriggerValue }, base) {
  const data = { ...request, base };
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz"));
  let mount = mounts.get(host);
  if (!mount) {
    const projector = new Projector(host, data);
    const forget = onRecolored(data.pane, (told) => inTurn(host, () => giveColors(projector, told)));
    const bar = new AddressBar(projector.memory);
    projector.picture.plot.views.onChosen = () => bar.showSoon();
    mount = { projector, bar, turn: Promise.resolve(), forget };
    mounts.set(host, mount);
    Object.assign(host, { embviz: automationOf(projector) });
  }
  const { projector, bar } = mount;
  projector.onFocus = (focus) => setStateValue("focus", focus);
  projector.run.onOver = () => setTriggerValue("over", true);
  projector.run.onMore = () => setTriggerValue("more", true);
  projector.run.giveWay(data);
  const updated = async () => {
    await bar.lookAgain(data, projector.picture.plot.views);
    await projector.update(data);
    bar.show(data);
    if (data.begins) setTriggerValue("begin", true);
    const { looked } = projector.memory;
    if (!data.asksLook || data.asksLook === looked.told) return;
    looked.told = data.asksLook;
    setTriggerValue("look", { key: data.asksLook, camera: numbersOf(bar.look()) });
  };
  inTurn(host, updated);
  return () => setTimeout(() => {
    if (host.isConnected || mounts.get(host) !== mount) return; // the element is still there, or is cleaned up already
    projector.destroy();
    bar.destroy();
    mount.forget();
    mounts.delete(host);
  });
}

/**
 * Change a mounted projector once it has done what it was told before; it says itself what went wrong.
 * @param {Element} host
 * @param {() => Promise<void>} change
 * @returns {Promise<void>} until it has changed
 */
async function inTurn(host, change) {
  const mount = mounts.get(host);
  if (!mount) return;
  mount.turn = mount.turn.then(change).catch((error) => {
    console.error(error);
    mount.projector.fail(`The plot could not be updated: ${error.message}`);
  });
  return mount.turn;
}
