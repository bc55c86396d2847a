/** A filter that keeps moves of the pointer over a 3-D scene from Plotly, which would search all points each time. */

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

  /** Tell Plotly where the pointer is when a button goes down; otherwise the camera would jump by all hidden moves. */
  #tell = (/** @type {MouseEvent} */ event) => {
    if (!this.isInScene(event)) return;
    const move = new MouseEvent("mousemove", { bubbles: true, clientX: event.clientX, clientY: event.clientY });
    // Plotly reads these two; made by the browser they would be rounded, and one pixel turns the camera.
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
