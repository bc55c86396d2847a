/** The slider under the plot: how far a layout has come, and where it stands still, the frames it went through. */

import { drawnCoords, fetchBytes } from "./arrays.js";

const PLAYING_MILLISECONDS = 6000; // for all frames, however many

/**
 * Which of the frames is shown after playing for so long. Pure.
 * @param {number} start place of the frame it began with
 * @param {number} last place of the last frame
 * @param {number} milliseconds since then
 */
export function playedTo(start, last, milliseconds) {
  return Math.min(last, start + Math.floor((milliseconds / PLAYING_MILLISECONDS) * (last + 1)));
}

/**
 * @typedef {object} Run
 * @property {URL} url
 * @property {string} unit what its steps are called
 * @property {number} [total] steps planned, where more are to come
 * @property {string} [note] what else is said of the layout itself
 * @property {number} count items
 * @property {number} dims
 */

/** The last place of the slider is the layout itself. */
export class Replay {
  /** @type {Run | null} whose frames are offered */
  #run = null;
  /** @type {Run | null} whose frames are on their way */
  #coming = null;
  /** @type {Int32Array} serial number and steps done of each frame */
  #frames = new Int32Array(0);
  #wanted = 0;
  #isFetching = false;
  #playing = 0;

  /**
   * @param {HTMLElement} host
   * @param {{onFrame: (coords: Float32Array) => void, onLeave: () => void, onError: (error: Error) => void}} actions onLeave: back to the layout itself
   */
  constructor(host, { onFrame, onLeave, onError }) {
    this.onFrame = onFrame;
    this.onLeave = onLeave;
    this.onError = onError;
    this.root = document.createElement("div");
    this.root.className = "embviz-replay";
    this.root.hidden = true;
    this.play = button("play", () => (this.#playing ? this.#stop() : this.#start()));
    this.slider = document.createElement("input");
    this.slider.type = "range";
    this.slider.setAttribute("aria-label", "Replay");
    this.slider.addEventListener("input", () => {
      const place = this.slider.valueAsNumber; // stopping puts the handle back
      this.#stop();
      this.#want(place);
    });
    this.label = document.createElement("output");
    this.back = button("back", () => this.leave());
    this.back.textContent = "Back";
    this.back.title = "Back to the layout itself (Esc)";
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
    this.root.append(this.play, this.slider, this.label, this.back);
    host.append(this.root);
    this.#paint();
  }

  /** Whether a frame of the past is shown. */
  get isOpen() {
    return this.#run !== null && this.#wanted < this.#last;
  }

  hide() {
    this.#stop();
    this.#run = this.#coming = null;
    this.root.hidden = true;
  }

  /**
   * Say how far a layout has come that is still forming.
   * @param {string} unit
   * @param {number} done
   * @param {number} total
   * @param {string} note what else is said of it
   */
  follow(unit, done, total, note) {
    this.hide();
    this.root.hidden = false;
    this.slider.max = String(total);
    this.#paint(done, told(`${unit} ${count(done)} of ${count(total)}`, note));
  }

  /**
   * Offer the frames of a layout that stands still; those offered already stay, only what is said of it changes.
   * @param {Run} run
   */
  async offer(run) {
    const known = this.#run ?? this.#coming;
    if (known?.url.href === run.url.href) {
      Object.assign(known, { total: run.total, note: run.note });
      return known === this.#run ? this.#paint() : undefined;
    }
    if (this.#run) this.hide(); // while a layout forms the row stays, or the plot would grow and shrink
    this.#coming = run;
    try {
      const frames = new Int32Array(await fetchBytes(new URL(`${run.url.href}/frames`), []));
      if (run !== this.#coming) return;
      this.#run = run;
      this.#frames = frames;
      this.#wanted = this.#last;
      this.slider.max = String(this.#last);
      this.root.hidden = this.#last < 1;
      this.#paint();
    } finally {
      if (run === this.#coming) this.#coming = null; // also after an error: offered again, they are asked for again
    }
  }

  /** Back to the layout itself. */
  leave() {
    this.#stop();
    if (this.isOpen) this.#want(this.#last);
  }

  get #last() {
    return this.#frames.length / 2 - 1;
  }

  #start() {
    const from = this.isOpen ? this.#wanted : 0;
    const began = performance.now();
    const next = () => {
      const place = playedTo(from, this.#last, performance.now() - began);
      this.#playing = place < this.#last ? requestAnimationFrame(next) : 0;
      this.#want(place);
    };
    next();
  }

  #stop() {
    cancelAnimationFrame(this.#playing);
    this.#playing = 0;
    this.#paint();
  }

  /** @param {number} place of a frame */
  #want(place) {
    const wasOpen = this.isOpen;
    this.#wanted = place;
    this.#paint();
    if (this.isOpen) this.#fetch().catch(this.onError);
    else if (wasOpen) this.onLeave();
  }

  /** Never two frames at a time, and the one wanted last in the end. */
  async #fetch() {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let shown = -1; this.#run && this.isOpen && shown !== this.#wanted; ) {
        const [run, place] = [this.#run, this.#wanted];
        const url = new URL(`${run.url.href}/frames/${this.#frames[2 * place]}`);
        const coords = await drawnCoords(url, run.count, { dims: run.dims, scaled: false }, []);
        if (run === this.#run && this.isOpen) this.onFrame(coords);
        shown = place;
      }
    } finally {
      this.#isFetching = false;
    }
  }

  /** @param {Run} run */
  #place({ unit, total, note }) {
    const done = (/** @type {number} */ place) => count(this.#frames[2 * place + 1]);
    const place = `${unit} ${done(this.#wanted)} of ${total ? count(total) : done(this.#last)}`;
    return this.isOpen ? place : told(place, note);
  }

  /**
   * @param {number} [value] place of the handle
   * @param {string} [text]
   */
  #paint(value = this.#wanted, text = "") {
    const { play, slider, label, back, root } = this;
    const run = this.#run;
    play.disabled = slider.disabled = run === null;
    play.textContent = this.#playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", this.#playing ? "Pause the replay" : "Play how it formed");
    slider.value = String(value);
    slider.style.setProperty("--embviz-share", String(value / (Number(slider.max) || 1)));
    label.textContent = run && this.#frames.length ? this.#place(run) : text;
    back.disabled = !this.isOpen;
    root.dataset.open = String(this.isOpen);
  }
}

/**
 * @param {string} place
 * @param {string} [note]
 */
function told(place, note) {
  return note ? `${place} · ${note}` : place;
}

/**
 * @param {string} name
 * @param {() => void} onClick
 */
function button(name, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "embviz-tool";
  made.dataset.replay = name;
  made.addEventListener("click", onClick);
  return made;
}

/** @param {number} number */
function count(number) {
  return number.toLocaleString("en-US");
}
