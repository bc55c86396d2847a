/** A channel on which galleries tell the item that is pointed at in them, so that the pane they are about shows it. */

/**
 * @typedef {object} Pointed
 * @property {number} id of the item
 * @property {DOMRect} box of its picture in the window
 */

const channel = new EventTarget();

/**
 * @param {string} pane key of the pane that is to show it
 * @param {Pointed | null} pointed null: at no item any more
 */
export function pointAt(pane, pointed) {
  channel.dispatchEvent(new CustomEvent(`pointed ${pane}`, { detail: pointed }));
}

/**
 * @param {string} pane
 * @param {(pointed: Pointed | null) => void} listener
 * @returns {() => void} stops listening
 */
export function onPointed(pane, listener) {
  const heard = (/** @type {Event} */ event) => listener(/** @type {CustomEvent<Pointed | null>} */ (event).detail);
  channel.addEventListener(`pointed ${pane}`, heard);
  return () => channel.removeEventListener(`pointed ${pane}`, heard);
}
