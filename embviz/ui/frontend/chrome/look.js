/** The menu for the look of points: their size and opacity, and pictures instead of them. */

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
    this.opener.title = "Size and opacity of points, and pictures instead of them";
    this.opener.setAttribute("aria-expanded", "false");
    this.panel = document.createElement("div");
    this.panel.className = "embviz-look-panel";
    this.panel.hidden = true;
    this.size = this.#slider("Size", 0.5, 2);
    this.opacity = this.#slider("Opacity", 0.1, 1);
    this.images = document.createElement("input");
    this.images.type = "checkbox";
    this.images.addEventListener("input", this.#changed);
    this.imagesLabel = this.#labelled("Pictures where there is room", this.images);
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
   * @param {{hasImages: boolean, hasWebGL2: boolean}} can
   */
  show(look, { hasImages, hasWebGL2 }) {
    if (document.activeElement !== this.size) this.size.value = String(look.size);
    if (document.activeElement !== this.opacity) this.opacity.value = String(look.opacity);
    this.images.checked = look.images;
    this.imagesLabel.hidden = !hasImages;
    for (const field of [this.size, this.opacity, this.images]) field.disabled = !hasWebGL2;
    this.note.textContent = hasWebGL2
      ? hasImages ? "Zoom in to see more pictures." : ""
      : "Size, opacity and pictures need WebGL2, which this browser does not have.";
    this.note.hidden = !this.note.textContent;
  }

  #slider(/** @type {string} */ name, /** @type {number} */ low, /** @type {number} */ high) {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: String(low), max: String(high), step: "0.05", value: "1" });
    input.addEventListener("input", this.#changed);
    this.#labelled(name, input);
    return input;
  }

  #labelled(/** @type {string} */ name, /** @type {HTMLInputElement} */ input) {
    const label = document.createElement("label");
    label.append(input, name);
    this.panel.append(label);
    return label;
  }

  #changed = () => {
    this.onChange({ size: this.size.valueAsNumber, opacity: this.opacity.valueAsNumber, images: this.images.checked });
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
