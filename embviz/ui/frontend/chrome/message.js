/** A sentence over the lower edge of the plot on what went wrong, or what is drawn instead. */

import { button } from "./buttons.js";

export class Message {
  /** The sentence that the visitor dismissed last, which is not shown again. */
  #dismissed = "";

  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.root = document.createElement("div");
    this.root.className = "embviz-message";
    this.root.hidden = true;
    this.text = document.createElement("span");
    this.text.setAttribute("role", "status");
    this.dismiss = button("embviz-dismiss", () => {
      this.#dismissed = this.text.textContent ?? "";
      this.clear();
      stage.focus();
    });
    this.dismiss.textContent = "×";
    this.dismiss.setAttribute("aria-label", "Dismiss");
    this.root.append(this.text, this.dismiss);
    stage.append(this.root);
  }

  /** @param {string} sentence */
  say(sentence) {
    if (sentence === this.#dismissed) return;
    this.#dismissed = "";
    this.text.textContent = sentence;
    this.root.hidden = false;
  }

  clear() {
    this.root.hidden = true;
  }
}
