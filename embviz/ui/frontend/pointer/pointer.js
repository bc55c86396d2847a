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
   * @param {{onHover: (event: PointerEvent) => void, onLeave: () => void, onClick: (event: PointerEvent) => void,
   *   onDoubleClick: (event: PointerEvent) => void}} actions a double click is also two clicks
   */
  constructor(host, { onHover, onLeave, onClick, onDoubleClick }) {
    this.host = host;
    this.onLeave = () => {
      this.still = null;
      onLeave();
    };
    this.onHover = onHover;
    this.onClick = onClick;
    this.onDoubleClick = onDoubleClick;
    /** @type {PointerEvent | null} where the button went down for the click before */
    this.clicked = null;
    /** @type {PointerEvent | null} */
    this.down = null;
    /** @type {PointerEvent | null} where the pointer is while no button is down */
    this.still = null;
    host.addEventListener("pointermove", this.#move, true);
    host.addEventListener("pointerdown", this.#press, true);
    host.addEventListener("pointerleave", this.onLeave);
    host.addEventListener("wheel", this.onLeave, { capture: true, passive: true });
    window.addEventListener("pointerup", this.#release, true);
    window.addEventListener("scroll", this.onLeave, true);
  }

  #move = (/** @type {PointerEvent} */ event) => {
    if (event.buttons || isOnButton(event)) return this.onLeave();
    this.still = event;
    this.onHover(event);
  };

  #press = (/** @type {PointerEvent} */ event) => {
    this.down = event.button === 0 && !isOnButton(event) ? event : null;
  };

  #release = (/** @type {PointerEvent} */ event) => {
    const { down } = this;
    this.down = null;
    if (!down) return;
    if (!isClick(down, event)) return;
    this.onClick(down);
    if (this.clicked && isClick(this.clicked, event)) this.onDoubleClick(down);
    this.clicked = down;
  };

  destroy() {
    this.host.removeEventListener("pointermove", this.#move, true);
    this.host.removeEventListener("pointerdown", this.#press, true);
    this.host.removeEventListener("pointerleave", this.onLeave);
    this.host.removeEventListener("wheel", this.onLeave, true);
    window.removeEventListener("pointerup", this.#release, true);
    window.removeEventListener("scroll", this.onLeave, true);
  }
}

/** @param {PointerEvent} event */
function isOnButton({ target }) {
  return target instanceof Element && target.closest("button") !== null;
}

/**
 * @param {PointerEvent} down
 * @param {PointerEvent} up
 * @returns {boolean} whether a person would say that nothing moved between the two, and that it was quick
 */
function isClick(down, up) {
  const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
  return moved < CLICK_PIXELS && up.timeStamp - down.timeStamp < CLICK_MILLISECONDS;
}
