/** The menu for the look of points: their size and opacity, pictures instead of them, and lines between them. */

import { button } from "./buttons.js";

/** @typedef {import("../state/memory.js").Look} Look */

export class LookMenu {
  /**
   * @param {HTMLElement} toolbar
   * @param {HTMLElement} before the button is put in front of it
   * @param {(look: Look) => void} onChange
   */
  constructor(toolbar, before, onChange) {
    this.onChange = onChange;
    this.root = document.createElement("span");
    this.root.className = "embviz-look";
    this.opener = button("embviz-tool", () => this.#open(this.panel.hidden === true));
    this.opener.textContent = "Points";
    this.opener.setAttribute("aria-expanded", "false");
    this.panel = document.createElement("div");
    this.panel.className = "embviz-look-panel";
    this.panel.hidden = true;
    this.size = this.#slider("Size", 0.5, 2);
    this.opacity = this.#slider("Opacity", 0.1, 1);
    this.images = this.#checkbox("Pictures where there is room");
    this.lines = this.#checkbox("Lines to the next item");
    this.note = document.createElement("p");
    this.panel.append(this.note);
    this.root.append(this.opener, this.panel);
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.panel.hidden) return;
      event.preventDefault(); // so that Esc clears no selection
      this.#open(false);
      this.opener.focus();
    });
    document.addEventListener("pointerdown", this.#outside, true);
    toolbar.insertBefore(this.root, before);
  }

  /**
   * @param {Look} look
   * @param {{hasImages: boolean, hasLines: boolean, hasWebGL2: boolean}} can
   */
  show(look, { hasImages, hasLines, hasWebGL2 }) {
    this.opener.title = hasLines
      ? "Size and opacity of points, pictures instead of points, lines"
      : "Size and opacity of points, pictures instead of points";
    if (document.activeElement !== this.size) this.size.value = String(look.size);
    if (document.activeElement !== this.opacity) this.opacity.value = String(look.opacity);
    this.images.checked = look.images;
    this.lines.checked = look.lines;
    for (const [field, isThere] of /** @type {const} */ ([[this.images, hasImages], [this.lines, hasLines]])) {
      if (field.parentElement) field.parentElement.hidden = !isThere;
    }
    for (const field of [this.size, this.opacity, this.images, this.lines]) field.disabled = !hasWebGL2;
    this.note.textContent = hasWebGL2
      ? hasImages ? "Zoom in to see more pictures." : ""
      : "Size, opacity, pictures and lines need WebGL2, which this browser does not have.";
    this.note.hidden = !this.note.textContent;
  }

  #slider(/** @type {string} */ name, /** @type {number} */ low, /** @type {number} */ high) {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: String(low), max: String(high), step: "0.05", value: "1" });
    input.addEventListener("input", this.#changed);
    this.#labelled(name, input);
    return input;
  }

  #checkbox(/** @type {string} */ name) {
    const input = document.createElement("input");
    input.type = "checkbox";
    input.addEventListener("input", this.#changed);
    this.#labelled(name, input);
    return input;
  }

  #labelled(/** @type {string} */ name, /** @type {HTMLInputElement} */ input) {
    const label = document.createElement("label");
    label.append(input, name);
    this.panel.append(label);
  }

  #changed = () => {
    const { size, opacity, images, lines } = this;
    this.onChange({ size: size.valueAsNumber, opacity: opacity.valueAsNumber, images: images.checked, lines: lines.checked });
  };

  #open(/** @type {boolean} */ isOpen) {
    this.panel.hidden = !isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
  }

  #outside = (/** @type {PointerEvent} */ event) => {
    if (!this.root.contains(/** @type {Node} */ (event.target))) this.#open(false);
  };

  destroy() {
    document.removeEventListener("pointerdown", this.#outside, true);
  }
}
