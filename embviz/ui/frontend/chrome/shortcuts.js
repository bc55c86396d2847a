/** Keys that work wherever the keyboard's focus is on the page, except where somebody types. */

const NOT_TYPED_IN = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];

/**
 * @typedef {"let go" | "undo" | "redo"} Shortcut
 * @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">} Keys
 */

/**
 * Which of them was pressed: Escape, Ctrl+Z, Ctrl+Shift+Z or Ctrl+Y, on a Mac with Command. Pure.
 * @param {Keys} keys
 * @returns {Shortcut | null}
 */
export function shortcutOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (altKey) return null;
  if (key === "Escape") return ctrlKey || metaKey || shiftKey ? null : "let go";
  if (!(ctrlKey || metaKey)) return null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !shiftKey ? "redo" : null;
}

/**
 * Whether keys pressed in an element are text, or choose something in it. Pure.
 * @param {{tagName: string, type?: string, isContentEditable?: boolean, role?: string | null}} element
 */
export function takesKeys({ tagName, type, isContentEditable, role }) {
  if (isContentEditable || ["combobox", "listbox", "option", "textbox"].includes(role ?? "")) return true;
  if (tagName === "INPUT") return !NOT_TYPED_IN.includes(type ?? "text");
  return tagName === "TEXTAREA" || tagName === "SELECT";
}

export class Shortcuts {
  /** @param {Record<Shortcut, () => void>} actions */
  constructor(actions) {
    this.actions = actions;
    window.addEventListener("keydown", this.#press);
  }

  #press = (/** @type {KeyboardEvent} */ event) => {
    const element = /** @type {HTMLElement} */ (event.target);
    const shortcut = shortcutOf(event);
    if (!shortcut || event.defaultPrevented || takesKeys(element) || isOverPage(element)) return;
    event.preventDefault();
    this.actions[shortcut]();
  };

  destroy() {
    window.removeEventListener("keydown", this.#press);
  }
}

/** @param {Element} element in a dialog or a menu, which has keys of its own */
function isOverPage(element) {
  return Boolean(element.closest?.('[role="dialog"], [role="menu"], [data-testid="stPopoverBody"]'));
}
