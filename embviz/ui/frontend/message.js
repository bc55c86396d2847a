/** A sentence over the lower edge of the plot: what went wrong, or what is drawn instead. */

export class Message {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.root = document.createElement("p");
    this.root.className = "embviz-message";
    this.root.setAttribute("role", "status");
    this.root.hidden = true;
    stage.append(this.root);
  }

  /** @param {string} sentence */
  say(sentence) {
    this.root.textContent = sentence;
    this.root.hidden = false;
  }

  clear() {
    this.root.hidden = true;
  }
}
