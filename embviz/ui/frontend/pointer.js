/** What the pointer does on the plot: hover, click (a tap too), leave. */

const CLICK_PIXELS = 4;
const CLICK_MILLISECONDS = 400;

/**
 * Plotly covers the window with a sheet of its own while a button is down, so the end of a click is
 * heard on the window, and what was under the pointer is asked when the button goes down.
 */
export class PointerWatch {
  /**
   * @param {HTMLElement} host
   * @param {{onHover: (event: PointerEvent) => void, onLeave: () => void, onClick: (event: PointerEvent) => void}} actions
   */
  constructor(host, { onHover, onLeave, onClick }) {
    this.host = host;
    this.onLeave = () => {
      this.still = null;
      onLeave();
    };
    this.onHover = onHover;
    this.onClick = onClick;
    /** @type {PointerEvent | null} */
    this.down = null;
    /** @type {PointerEvent | null} where the pointer is while no button is down */
    this.still = null;
    host.addEventListener("pointermove", this.#move, true);
    host.addEventListener("pointerdown", this.#press, true);
    host.addEventListener("pointerleave", this.onLeave);
    window.addEventListener("pointerup", this.#release, true);
    window.addEventListener("scroll", this.onLeave, true);
  }

  #move = (/** @type {PointerEvent} */ event) => {
    if (event.buttons) return this.onLeave();
    this.still = event;
    this.onHover(event);
  };

  #press = (/** @type {PointerEvent} */ event) => {
    this.down = event.button === 0 ? event : null;
  };

  #release = (/** @type {PointerEvent} */ event) => {
    const { down } = this;
    this.down = null;
    if (!down) return;
    const moved = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
    if (moved < CLICK_PIXELS && event.timeStamp - down.timeStamp < CLICK_MILLISECONDS) this.onClick(down);
  };

  destroy() {
    this.host.removeEventListener("pointermove", this.#move, true);
    this.host.removeEventListener("pointerdown", this.#press, true);
    this.host.removeEventListener("pointerleave", this.onLeave);
    window.removeEventListener("pointerup", this.#release, true);
    window.removeEventListener("scroll", this.onLeave, true);
  }
}
