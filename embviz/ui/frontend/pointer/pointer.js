/** Recognition of the pointer's actions on the plot: hover, click or tap, double click, leave. */

const CLICK_PIXELS = 4; // a pointer that moves less than this has clicked
const CLICK_MILLISECONDS = 400; // longest time of a click, and of a whole double click

/**
 * Reports what the pointer does. Plotly covers the window with an element of its own while a button is down, so the
 * end of a click is heard on the window, and a click counts at the place where the button went down.
 */
export class PointerWatch {
  /**
   * @param {HTMLElement} host
   * @param {{onHover: (event: PointerEvent) => void, onLeave: () => void, onClick: (event: PointerEvent) => void,
   *   onDoubleClick: (event: PointerEvent) => void}} actions a double click is also reported as two clicks
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
    /** @type {PointerEvent | null} the press of the button for the previous click */
    this.clicked = null;
    /** @type {PointerEvent | null} the press of the button that is down now */
    this.down = null;
    /** @type {PointerEvent | null} the last move with no button down */
    this.still = null;
    host.addEventListener("pointermove", this.#move, true);
    host.addEventListener("pointerdown", this.#press, true);
    host.addEventListener("pointerleave", this.#depart);
    host.addEventListener("wheel", this.onLeave, { capture: true, passive: true });
    window.addEventListener("pointerdown", this.#touch, true);
    window.addEventListener("pointerup", this.#release, true);
    window.addEventListener("scroll", this.onLeave, true);
  }

  #move = (/** @type {PointerEvent} */ event) => {
    if (event.buttons || isOnButton(event)) return this.onLeave();
    this.still = event;
    this.onHover(event);
  };

  /** A finger leaves whenever it is lifted: what its tap shows stays, until the next touch. */
  #depart = (/** @type {PointerEvent} */ event) => {
    if (event.pointerType !== "touch") this.onLeave();
  };

  #touch = (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "touch") this.onLeave();
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
    if (!this.still && down.pointerType !== "touch") { // it rests there still, though Plotly's element took it away
      this.still = down;
      this.onHover(down);
    }
    if (this.clicked && isClick(this.clicked, event)) this.onDoubleClick(down);
    this.clicked = down;
  };

  destroy() {
    this.host.removeEventListener("pointermove", this.#move, true);
    this.host.removeEventListener("pointerdown", this.#press, true);
    this.host.removeEventListener("pointerleave", this.#depart);
    this.host.removeEventListener("wheel", this.onLeave, true);
    window.removeEventListener("pointerdown", this.#touch, true);
    window.removeEventListener("pointerup", this.#release, true);
    window.removeEventListener("scroll", this.onLeave, true);
  }
}

/**
 * Whether the pointer is on an HTML button over the plot.
 * @param {PointerEvent} event
 */
function isOnButton({ target }) {
  return target instanceof Element && target.closest("button") !== null;
}

/**
 * Whether the pointer hardly moved between two events, and the second came soon after the first.
 * @param {PointerEvent} down
 * @param {PointerEvent} up
 * @returns {boolean}
 */
function isClick(down, up) {
  const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
  return moved < CLICK_PIXELS && up.timeStamp - down.timeStamp < CLICK_MILLISECONDS;
}
