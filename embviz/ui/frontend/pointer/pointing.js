/** What a gallery is pointed at with: galleries tell it, the projector shows that item. Both live in one document. */

/**
 * @typedef {object} Pointed
 * @property {number} id of the item
 * @property {DOMRect} box of its picture in the window
 */

const channel = new EventTarget();

/** @param {Pointed | null} pointed null: at no item any more */
export function pointAt(pointed) {
  channel.dispatchEvent(new CustomEvent("pointed", { detail: pointed }));
}

/**
 * @param {(pointed: Pointed | null) => void} listener
 * @returns {() => void} stops listening
 */
export function onPointed(listener) {
  const heard = (/** @type {Event} */ event) => listener(/** @type {CustomEvent<Pointed | null>} */ (event).detail);
  channel.addEventListener("pointed", heard);
  return () => channel.removeEventListener("pointed", heard);
}
