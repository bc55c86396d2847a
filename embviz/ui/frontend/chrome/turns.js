/** Turns of the drawings in one place of the page, so that an answer that comes late does not replace a newer one. */

/** @type {WeakMap<Element, object>} the turn that each host was given last */
const last = new WeakMap();

/**
 * Begin a new turn of a host, which ends all earlier ones.
 * @param {Element} host
 * @returns {() => boolean} whether no newer turn of this host has begun
 */
export function newTurn(host) {
  const turn = {};
  last.set(host, turn);
  return () => last.get(host) === turn;
}
