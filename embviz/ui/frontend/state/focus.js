/** The focus: what is pinned, selected and compared, whether Python or the page changed it last. Pure. */

import { SelectionHistory } from "./selection.js";

/**
 * @typedef {import("./messages.js").FocusMessage} Focus
 * @typedef {{pinned?: number | null, selected?: string | null, pair?: [number, number] | null}} Change
 */

export class FocusKeeper {
  #history = new SelectionHistory();
  /** Key of the session in which Python told its focus last. @type {string | null} */
  #session = null;

  /** @param {Focus} focus */
  constructor(focus) {
    this.now = focus;
    /** @type {(focus: Focus) => void} called when the page has changed the focus */
    this.onChange = () => {};
  }

  /** @param {Focus} focus Python's focus, which is taken over if it is newer or on other data */
  take(focus) {
    const isOther = focus.source !== this.now.source;
    if (!isOther && focus.serial < this.now.serial) return;
    if (isOther) this.#history.clear();
    else if (focus.selected !== this.now.selected) this.#history.push(this.now.selected);
    this.now = focus;
  }

  /**
   * Take over Python's focus. Where its session is a new one, as after a restart, what is known here is told to it instead.
   * @param {string} session
   * @param {Focus} focus
   */
  takeFrom(session, focus) {
    const isNew = this.#session !== null && session !== this.#session;
    this.#session = session;
    if (isNew && focus.source === this.now.source && focus.serial < this.now.serial) this.#become(this.now);
    else this.take(focus);
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  /** @param {Change} change what to set; without a new pair, the pair looked at is cleared */
  change(change) {
    const next = { ...this.now, pair: null, ...change };
    if (next.pinned === this.now.pinned && next.selected === this.now.selected && next.pair === this.now.pair) return;
    if (next.selected !== this.now.selected) this.#history.push(this.now.selected);
    this.#become(next);
  }

  undo() {
    this.#restore(this.#history.undo(this.now.selected));
  }

  redo() {
    this.#restore(this.#history.redo(this.now.selected));
  }

  /**
   * Clear one thing: the pair looked at, else the selection, else the pinned item.
   * @param {boolean} seesPair whether a pair is drawn, which a chosen pair is not always
   */
  letGo(seesPair) {
    if (seesPair) this.change({});
    else if (this.now.selected !== null) this.change({ selected: null });
    else this.change({ pinned: null });
  }

  /** @param {string | null | undefined} selected the selection to restore; undefined if there is none to restore */
  #restore(selected) {
    if (selected !== undefined) this.#become({ ...this.now, pair: null, selected });
  }

  #become(/** @type {Focus} */ next) {
    this.now = { ...next, serial: this.now.serial + 1 };
    this.onChange(this.now);
  }
}
