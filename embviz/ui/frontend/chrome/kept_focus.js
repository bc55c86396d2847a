/** The keyboard's focus in a part of the page whose buttons are drawn anew after each of them is pressed. */

/** @param {HTMLElement | undefined} button what it stands for: a pair of classes, the items of a card, or an item */
const nameOf = (button) => button?.dataset.pair ?? button?.dataset.ids ?? button?.dataset.item;

/**
 * Replace what an element contains. If one of its buttons had the focus, the new one that stands for the same has it
 * then or, if there is none, the one in the same place; nothing is scrolled.
 * @param {HTMLElement} host
 * @param {HTMLElement[]} parts
 */
export function replaceKeepingFocus(host, parts) {
  const focused = /** @type {Document | ShadowRoot} */ (host.getRootNode()).activeElement;
  const before = [...host.querySelectorAll("button")];
  const place = before.findIndex((button) => button === focused);
  host.replaceChildren(...parts);
  if (place < 0) return;
  const after = [...host.querySelectorAll("button")];
  const same = after.find((button) => nameOf(button) === nameOf(before[place]));
  (same ?? after[Math.min(place, after.length - 1)])?.focus({ preventScroll: true });
}
