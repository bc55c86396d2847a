/** The buttons that steer a run while its layout forms, and continue it after its end. */

/** @typedef {"pause" | "resume" | "stop" | "more" | "perturb"} Wish */

/**
 * @typedef {object} Steered what the buttons need to know of a run
 * @property {string} state one of `RUN_STATES`; "over" while the result is fetched, "ended" when the result is shown
 * @property {string} unit name of its steps: iteration or epoch
 * @property {number} more number of steps that one press adds; 0 if the run has ended and can no longer be continued
 */

/**
 * The buttons for a run, each with its wish, sign, name and explanation. Pure.
 * @param {Steered} steered
 * @returns {{wish: Wish, sign: string, name: string, says: string}[]}
 */
export function wishesIn({ state, unit, more }) {
  if (state === "ended" && !more) return [];
  if (state === "ended") return [{ wish: "more", sign: "", name: `+${more} ${unit}s`, says: "Continue the layout from here." }];
  return [
    state === "paused"
      ? { wish: "resume", sign: "▶", name: "Resume", says: "Continue the layout." }
      : { wish: "pause", sign: "❚❚", name: "Pause", says: "Pause the layout where it is." },
    { wish: "stop", sign: "■", name: "Stop", says: "End the run, and keep the layout as it is." },
    { wish: "more", sign: "", name: `+${more}`, says: `${more} more ${unit}s than planned.` },
    { wish: "perturb", sign: "", name: "Perturb", says: "Move every item a little, to see whether the layout returns to its form." },
  ];
}

/** The row of buttons. Its elements are kept from one state to the next, so that no button moves or loses the focus. */
export class SteerButtons {
  /** @param {(wish: Wish) => void} onWish */
  constructor(onWish) {
    this.onWish = onWish;
    this.root = document.createElement("div");
    this.root.className = "embviz-steer";
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "Run");
  }

  /**
   * Show the buttons for a run. After its end the only button is at the other end of the row, because a late press at
   * the place of Pause must not start anything.
   * @param {Steered | null} steered null if there is no run to steer
   */
  show(steered) {
    const wished = steered ? wishesIn(steered) : [];
    const row = this.root.parentElement;
    const last = steered?.state === "ended";
    if (row && (last ? row.lastElementChild : row.firstElementChild) !== this.root) {
      if (last) row.append(this.root);
      else row.prepend(this.root);
    }
    while (this.root.children.length > wished.length) this.root.lastElementChild?.remove();
    wished.forEach(({ wish, sign, name, says }, at) => {
      const button = /** @type {HTMLButtonElement} */ (this.root.children[at] ?? this.root.appendChild(this.#button()));
      button.disabled = steered?.state === "over";
      if (button.dataset.wish === wish && button.dataset.name === name) return;
      Object.assign(button.dataset, { wish, name });
      button.title = says;
      button.replaceChildren(...signed(sign, name));
    });
  }

  #button() {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "embviz-tool";
    made.addEventListener("click", () => this.onWish(/** @type {Wish} */ (made.dataset.wish)));
    return made;
  }
}

/**
 * The content of a button: a sign, which screen readers skip, and words.
 * @param {string} sign
 * @param {string} words
 */
export function signed(sign, words) {
  if (!sign) return [words];
  const drawn = document.createElement("i");
  drawn.textContent = sign;
  drawn.setAttribute("aria-hidden", "true");
  return [drawn, words];
}
