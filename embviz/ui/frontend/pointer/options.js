/** The option of a select that a pointer chooses, known before the select has changed. */

/**
 * Watch the options of one of Streamlit's selects. Options that are chosen by the keyboard are not told.
 * @param {string} select its key
 * @param {(title: string) => () => void} onDown called when the pointer is pressed on an option that is not the chosen
 *   one; returns what is called when the pointer is released on the same option
 * @returns {() => void} ends the watch
 */
export function watchOptions(select, onDown) {
  /** @type {{option: Element, choose: () => void} | null} */
  let pressed = null;
  const listening = new AbortController();
  const early = { capture: true, signal: listening.signal }; // before Streamlit draws the select anew
  addEventListener("pointerdown", (event) => {
    const option = event.button === 0 ? optionAt(event.target, select) : null;
    pressed = option && { option, choose: onDown(option.textContent ?? "") };
  }, early);
  addEventListener("pointerup", ({ target }) => {
    if (pressed && optionAt(target, select) === pressed.option) pressed.choose();
    pressed = null;
  }, early);
  return () => listening.abort();
}

/**
 * @param {EventTarget | null} target
 * @param {string} select
 * @returns {Element | null} null if it is no option of this select, or the one that is chosen
 */
function optionAt(target, select) {
  const option = target instanceof Element ? target.closest('[role="option"]:not([aria-selected="true"])') : null;
  const list = option?.closest('[role="listbox"]');
  return list && document.querySelector(`.st-key-${select} [aria-controls="${list.id}"]`) ? option : null;
}
