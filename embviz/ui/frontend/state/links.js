/** A channel on which the linked panes of a page share pointer, focus, hidden classes and view; none of it goes to Python. */

/**
 * @typedef {object} Told
 * @property {number | null} hover id of the item that is pointed at
 * @property {import("./messages.js").FocusMessage} focus that a person has just changed
 * @property {{legend: string, codes: Set<number>}} hidden entries of a legend, by its `legendKey`
 * @property {import("../maths/linked.js").PlanarView | import("../maths/linked.js").SolidView | null} view null: the home view
 */

/** @typedef {{[Name in keyof Told]: (value: Told[Name]) => void}} Listeners */

const channel = new EventTarget();

/** One pane's end of the channel. */
export class Link {
  /** @param {Listeners} listeners called with what other panes tell */
  constructor(listeners) {
    this.listeners = listeners;
    /** What this pane shares with others. @type {import("./messages.js").ProjectorRequest["link"]} */
    this.kind = null;
    channel.addEventListener("told", this.#hear);
  }

  /**
   * Tell the other panes a value.
   * @template {keyof Told} Name
   * @param {Name} name
   * @param {Told[Name]} value
   */
  tell(name, value) {
    if (this.#takesPart(name)) channel.dispatchEvent(new CustomEvent("told", { detail: { from: this, name, value } }));
  }

  #takesPart(/** @type {keyof Told} */ name) {
    return name === "view" ? this.kind === "views" : this.kind !== null;
  }

  #hear = (/** @type {Event} */ event) => {
    const { from, name, value } = /** @type {CustomEvent} */ (event).detail;
    if (from !== this && this.#takesPart(name)) this.listeners[/** @type {keyof Told} */ (name)](value);
  };

  destroy() {
    channel.removeEventListener("told", this.#hear);
  }
}
