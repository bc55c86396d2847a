/** Buttons of the plot, and what becomes of the keyboard's focus when one of them goes. */

/**
 * @param {string} className
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function button(className, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.addEventListener("click", onClick);
  return made;
}

/**
 * Hides a button, or disables it, or lets it be used again.
 * @param {HTMLButtonElement} going
 * @param {"hidden" | "disabled"} how
 * @param {boolean} isGone
 * @param {HTMLElement | undefined} next gets the focus if the button has it: a browser would take it to the top of the page
 */
export function setGone(going, how, isGone, next) {
  if (isGone && document.activeElement === going) next?.focus();
  going[how] = isGone;
}
