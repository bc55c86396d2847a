/** The toolbar above the plot: buttons on the left, and on the right a line on what is selected, highlighted or hidden. */

import { button, setGone } from "./buttons.js";
import { LookMenu } from "./look.js";
import { count } from "../texts/counts.js";

/** @typedef {"pan" | "lasso" | "box"} Tool */

/**
 * The line on the right of the toolbar. Pure.
 * @param {{selected: number, highlighted: string[], dimmed: number, hidden: number}} state numbers of items selected,
 *   dimmed and hidden; names of the highlighted classes that are not hidden
 */
export function statusLine({ selected, highlighted, dimmed, hidden }) {
  const said = [];
  if (selected) said.push(`${count(selected)} selected`);
  if (highlighted.length) said.push(`${highlighted.join(" and ")} highlighted`);
  if (dimmed) said.push(`${count(dimmed)} others dimmed`);
  if (hidden) said.push(`${count(hidden)} hidden`);
  return said.join(" · ");
}

export class Toolbar {
  /**
   * @param {HTMLElement} host
   * @param {{onTool: (tool: Tool) => void, onReset: () => void, onClear: () => void, onShowAll: () => void, onUndo: () => void, onHelp: () => void,
   *   onLook: (look: import("../state/memory.js").Look) => void}} actions
   */
  constructor(host, { onTool, onReset, onClear, onShowAll, onUndo, onHelp, onLook }) {
    this.root = document.createElement("div");
    this.root.className = "embviz-toolbar";
    this.root.setAttribute("role", "toolbar");
    /** @type {Record<string, HTMLButtonElement>} */
    this.buttons = {};
    this.#button("pan", "Pan", () => onTool("pan"));
    this.#button("lasso", "Lasso", () => onTool("lasso"));
    this.#button("box", "Box", () => onTool("box"));
    this.#button("reset", "Reset view", onReset);
    this.#button("clear", "Clear", onClear);
    this.#button("show-all", "Show all", onShowAll);
    this.#button("undo", "Undo", onUndo);
    this.#button("help", "?", onHelp).setAttribute("aria-label", "Keys of the plot");
    for (const name of ["clear", "show-all", "undo"]) this.buttons[name].hidden = true;
    this.buttons.clear.title = "Clear the selection: Esc";
    this.buttons.undo.title = "Undo the last change of the selection: Ctrl+Z; redo: Ctrl+Shift+Z";
    this.buttons.help.title = "Keys of the plot";
    for (const tool of ["lasso", "box"]) this.buttons[tool].title = "Draw around items to select them; hold Shift to add, Alt to take away";
    this.look = new LookMenu(this.root, this.buttons.clear, onLook);
    this.status = document.createElement("span");
    this.status.className = "embviz-status";
    this.status.setAttribute("role", "status");
    this.root.append(this.status);
    host.append(this.root);
  }

  /**
   * Append a button to the toolbar.
   * @param {string} name
   * @param {string} text
   * @param {() => void} onClick
   */
  #button(name, text, onClick) {
    const made = button("embviz-tool", onClick);
    made.dataset.tool = name;
    made.textContent = text;
    this.buttons[name] = made;
    this.root.append(made);
    return made;
  }

  /**
   * @param {{tool: Tool, canTurn: boolean, status: string, hasSelection: boolean, hiddenEntries: number, canUndo: boolean}} state
   */
  show({ tool, canTurn, status, hasSelection, hiddenEntries, canUndo }) {
    this.buttons.pan.textContent = canTurn ? "Orbit" : "Pan";
    this.buttons.pan.title = canTurn ? "Drag to turn, wheel to zoom" : "Drag to move, wheel to zoom";
    for (const name of ["pan", "lasso", "box"]) this.buttons[name].setAttribute("aria-pressed", String(name === tool));
    this.buttons["show-all"].title = hiddenEntries === 1 ? "Show the one that is hidden" : `Show the ${hiddenEntries} that are hidden`;
    setGone(this.buttons["show-all"], "hidden", hiddenEntries === 0, this.buttons.reset);
    setGone(this.buttons.undo, "hidden", !canUndo, this.buttons.reset);
    setGone(this.buttons.clear, "hidden", !hasSelection, canUndo ? this.buttons.undo : this.buttons.reset);
    this.status.textContent = this.status.title = status;
  }
}
