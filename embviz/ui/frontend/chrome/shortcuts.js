/** Shortcuts that work wherever the keyboard's focus is on the page, except where somebody types; one pane hears them. */

const NOT_TYPED_IN = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];

const USES = ["pointerdown", "focusin"];

/**
 * @typedef {"let go" | "undo" | "redo"} Shortcut
 * @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">} Keys
 */

/**
 * The shortcut that was pressed: Escape, Ctrl+Z, Ctrl+Shift+Z or Ctrl+Y, on a Mac with Command. Pure.
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

/**
 * The pane that hears a key: the one that has the keyboard's focus, or else the one that was used last. Pure.
 * @template {{contains(other: any): boolean}} Host
 * @param {Iterable<Host>} hosts of the panes on the page, the one used last at the end
 * @param {unknown} focused what the key was pressed in
 * @returns {Host | undefined}
 */
export function hearing(hosts, focused) {
  const all = [...hosts];
  return all.find((host) => host.contains(focused)) ?? all.at(-1);
}

/** @type {Set<HTMLElement>} of all panes on the page, the one used last at the end */
const hosts = new Set();

export class Shortcuts {
  /**
   * @param {HTMLElement} host of the pane
   * @param {Record<Shortcut, () => void>} actions
   */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    hosts.delete(host);
    hosts.add(host);
    for (const use of USES) host.addEventListener(use, this.#use, true);
    window.addEventListener("keydown", this.#press);
  }

  #use = () => {
    hosts.delete(this.host);
    hosts.add(this.host);
  };

  #press = (/** @type {KeyboardEvent} */ event) => {
    const element = /** @type {HTMLElement} */ (event.target);
    const shortcut = shortcutOf(event);
    if (!shortcut || event.defaultPrevented || takesKeys(element) || isOverPage(element)) return;
    if (hearing(hosts, element) !== this.host) return;
    event.preventDefault();
    this.actions[shortcut]();
  };

  destroy() {
    hosts.delete(this.host);
    for (const use of USES) this.host.removeEventListener(use, this.#use, true);
    window.removeEventListener("keydown", this.#press);
  }
}

/** @param {Element} element in a dialog or a menu, which has keys of its own */
function isOverPage(element) {
  return Boolean(element.closest?.('[role="dialog"], [role="menu"], [data-testid="stPopoverBody"]'));
}
