/** The buttons that steer a run: while a layout forms, and to go on after its end. */

/** @typedef {"pause" | "resume" | "stop" | "more" | "perturb"} Wish */

/**
 * @typedef {object} Steered
 * @property {string} state of the run, as in `RUN_STATES`: "over" while its result is fetched, "ended" where that is shown
 * @property {string} unit what its steps are called
 * @property {number} more how many of them one press adds; 0 where the run has ended and can no longer go on
 */

/**
 * Which buttons there are, each with its sign, its words and what it is for. Pure.
 * @param {Steered} steered
 * @returns {{wish: Wish, sign: string, name: string, says: string}[]}
 */
export function wishesIn({ state, unit, more }) {
  if (state === "ended" && !more) return [];
  if (state === "ended") return [{ wish: "more", sign: "", name: `+${more} ${unit}s`, says: "Go on from here." }];
  return [
    state === "paused"
      ? { wish: "resume", sign: "▶", name: "Resume", says: "Let the layout go on forming." }
      : { wish: "pause", sign: "❚❚", name: "Pause", says: "Let the layout stand still." },
    { wish: "stop", sign: "■", name: "Stop", says: "Be content with the layout as it is." },
    { wish: "more", sign: "", name: `+${more}`, says: `${more} more ${unit}s than planned.` },
    { wish: "perturb", sign: "", name: "Perturb", says: "Shake the layout, and see what comes back." },
  ];
}

/** Keeps the buttons it has, so that none moves or loses the focus under a finger. */
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
   * After the end the button stands at the end of the row: where Pause was, a late press must not start anything.
   * @param {Steered | null} steered null where there is no run to steer
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
 * A sign, which is not read aloud, and words.
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
