/** Buttons of the plot, and the move of the keyboard's focus when a button is hidden or disabled. */

/**
 * A new button.
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
 * Hide or disable a button, or make it usable again.
 * @param {HTMLButtonElement} going the button
 * @param {"hidden" | "disabled"} how
 * @param {boolean} isGone whether the button is to be hidden or disabled
 * @param {HTMLElement | undefined} next element that gets the focus if the button has it; a browser would move the focus to the top of the page
 */
export function setGone(going, how, isGone, next) {
  if (isGone && document.activeElement === going) next?.focus();
  going[how] = isGone;
}
