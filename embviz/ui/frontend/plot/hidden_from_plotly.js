/** Moves of the pointer over a 3-D scene are kept from Plotly, which would search all points on every one of them. */

export class HiddenFromPlotly {
  #telling = false;

  /**
   * @param {HTMLElement} host
   * @param {(event: MouseEvent) => boolean} isInScene whether the pointer is over a 3-D scene
   */
  constructor(host, isInScene) {
    this.host = host;
    this.isInScene = isInScene;
    host.addEventListener("mousemove", this.#hide, true);
    host.addEventListener("mouseover", this.#hide, true);
    host.addEventListener("mousedown", this.#tell, true);
  }

  #hide = (/** @type {MouseEvent} */ event) => {
    if (this.#telling || event.buttons || !this.isInScene(event)) return;
    event.stopImmediatePropagation();
  };

  /** The moves hidden from Plotly would count as one jump of the camera when the button goes down. */
  #tell = (/** @type {MouseEvent} */ event) => {
    if (!this.isInScene(event)) return;
    const move = new MouseEvent("mousemove", { bubbles: true, clientX: event.clientX, clientY: event.clientY });
    // Plotly reads these, and the browser would round them otherwise: one pixel turns the camera
    Object.defineProperties(move, { offsetX: { value: event.offsetX }, offsetY: { value: event.offsetY } });
    this.#telling = true;
    event.target?.dispatchEvent(move);
    this.#telling = false;
  };

  destroy() {
    this.host.removeEventListener("mousemove", this.#hide, true);
    this.host.removeEventListener("mouseover", this.#hide, true);
    this.host.removeEventListener("mousedown", this.#tell, true);
  }
}
