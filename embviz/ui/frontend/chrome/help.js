/** The list of all keys, in a dialog over the page. */

const KEYS = [
  ["Arrow keys", "Go from point to point"],
  ["Enter", "Pin the item, and list its nearest neighbors"],
  ["n  p", "Pin the next or the previous item, in the order of the data"],
  ["i", "Isolate the class of the item, or of a chip in the legend; press again to show all"],
  ["+  −", "Zoom in, zoom out"],
  ["0", "Reset the view"],
  ["Esc", "Clear the marked pair; without one, the selection; without that, the pin"],
  ["Ctrl Z", "Undo the last change of the selection; with Shift, redo it"],
  ["Shift or Alt while drawing", "Add to the selection, or take away from it"],
  ["?", "This list"],
];

export class Help {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "embviz-help";
    this.dialog.setAttribute("aria-label", "Keys of the plot");
    const title = document.createElement("h2");
    title.textContent = "Keys of the plot";
    const list = document.createElement("dl");
    for (const [key, meaning] of KEYS) {
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      [term.textContent, text.textContent] = [key, meaning];
      list.append(term, text);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "embviz-tool";
    close.textContent = "Close";
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(title, list, close);
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation()); // Esc closes the dialog and clears no selection
    host.append(this.dialog);
  }

  open() {
    this.dialog.showModal();
  }
}
