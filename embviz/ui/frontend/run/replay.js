/** The slider under the plot: progress of a layout that forms, and the kept frames of one that is paused or done. */

import { drawnCoords, fetchBytes } from "../state/arrays.js";
import { button, setGone } from "../chrome/buttons.js";
import { count } from "../texts/counts.js";
import { decodeFrames } from "../state/protocol.js";
import { signed } from "./steer.js";

const PLAYING_MILLISECONDS = 6000; // time to play all frames, however many
const PAGES = 10; // presses of a page key from one end of the slider to the other

/**
 * The index of the frame that is shown after playing for some time. Pure.
 * @param {number} start index of the frame that playing began with
 * @param {number} last index of the last frame
 * @param {number} milliseconds since playing began
 */
export function playedTo(start, last, milliseconds) {
  return Math.min(last, start + Math.floor((milliseconds / PLAYING_MILLISECONDS) * (last + 1)));
}

/**
 * The index of the last frame that is not later than a step. Pure.
 * @param {ArrayLike<number>} steps done at each frame, never falling
 * @param {number} step
 */
export function placeAt(steps, step) {
  let place = 0;
  for (let at = 1; at < steps.length && steps[at] <= step; at++) place = at;
  return place;
}

/**
 * The index of the frame that a key leads to; null for a key that moves no slider. Pure.
 * @param {string} key
 * @param {number} place index of the frame shown
 * @param {number} last index of the last frame
 */
export function keyedTo(key, place, last) {
  const page = Math.max(1, Math.round(last / PAGES));
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page };
  const move = new Map(Object.entries({ ...steps, Home: -last, End: last })).get(key);
  return move === undefined ? null : Math.min(last, Math.max(0, place + move));
}

/**
 * @typedef {object} Run a run whose frames can be replayed
 * @property {URL} url
 * @property {string} unit name of its steps: iteration or epoch
 * @property {number} [serial] serial number of its newest frame, if more frames may come
 * @property {number} [total] steps planned, if more steps may come
 * @property {string} [note] text after the number of steps while the newest frame is shown
 * @property {number} count items
 * @property {number} dims
 */

/** The slider with its buttons. Its right end is the last planned step; the last frame is the layout itself. */
export class Replay {
  /** @type {Run | null} the run whose frames can be replayed now */
  #run = null;
  /** @type {Run | null} the run whose list of frames is being fetched */
  #coming = null;
  /** @type {number[]} serial number of each frame */
  #serials = [];
  /** @type {number[]} steps done at each frame */
  #steps = [];
  #wanted = 0;
  #isFetching = false;
  #playing = 0;

  /**
   * @param {HTMLElement} host
   * @param {HTMLElement} steer the buttons before the slider
   * @param {{onFrame: (coords: Float32Array) => void, onLeave: () => void, onError: (error: Error) => void}} actions onLeave is called when the layout itself is to be shown again
   */
  constructor(host, steer, { onFrame, onLeave, onError }) {
    this.onFrame = onFrame;
    this.onLeave = onLeave;
    this.onError = onError;
    this.root = document.createElement("div");
    this.root.className = "embviz-replay";
    this.root.hidden = true;
    this.play = button("embviz-tool", () => (this.#playing ? this.#stop() : this.#start()));
    this.play.dataset.replay = "play";
    this.slider = document.createElement("input");
    this.slider.type = "range";
    this.slider.setAttribute("aria-label", "Replay");
    this.slider.addEventListener("input", () => {
      const place = placeAt(this.#steps, this.slider.valueAsNumber); // read before `#stop`, which moves the handle back
      this.#stop();
      this.#want(place);
    });
    this.slider.addEventListener("keydown", (event) => {
      const place = keyedTo(event.key, this.#wanted, this.#last);
      if (place === null || !this.#run) return;
      event.preventDefault();
      this.#stop();
      this.#want(place);
    });
    this.label = document.createElement("output");
    const track = document.createElement("div");
    track.className = "embviz-track";
    track.append(this.label, this.slider);
    this.back = button("embviz-tool", () => this.leave());
    this.back.dataset.replay = "back";
    this.back.textContent = "Back";
    this.back.title = "Back to the layout itself (Esc)";
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOpen) return;
      event.preventDefault(); // so that Esc clears neither the selection nor the pinned item
      this.leave();
    });
    this.root.append(steer, this.play, track, this.back);
    host.append(this.root);
    this.#paint();
  }

  /** Whether an older frame is shown instead of the layout itself. */
  get isOpen() {
    return this.#run !== null && this.#wanted < this.#last;
  }

  hide() {
    this.forget();
    this.root.hidden = true;
  }

  /** Offer no frames any longer; the slider stays visible. */
  forget() {
    this.#stop();
    this.#run = this.#coming = null;
    this.#paint();
  }

  /**
   * Show the progress of a layout that forms.
   * @param {string} unit name of its steps
   * @param {number} done
   * @param {number} total
   * @param {string} note text after the number of steps
   */
  follow(unit, done, total, note) {
    this.forget();
    this.root.hidden = false;
    this.#paint({ done, now: done, total, text: told(`${unit} ${count(done)} of ${count(total)}`, note) });
  }

  /**
   * Offer the frames of a layout that is paused or done. Frames of the same run that are already offered are fetched
   * again only if there are more by now, and no older frame is being looked at.
   * @param {Run} run
   */
  async offer(run) {
    const known = this.#coming ?? this.#run;
    if (known?.url.href === run.url.href && (known.serial === run.serial || this.isOpen)) {
      Object.assign(known, { total: run.total, note: run.note });
      return known === this.#run ? this.#paint() : undefined;
    }
    if (this.#run && this.#run.url.href !== run.url.href) this.forget();
    this.#coming = run;
    try {
      const { serials, steps } = decodeFrames(await fetchBytes(new URL(`${run.url.href}/frames`), []));
      if (run !== this.#coming || this.isOpen) return;
      [this.#run, this.#serials, this.#steps] = [run, serials, steps];
      this.#wanted = this.#last;
      this.root.hidden = false;
      this.#paint();
    } finally {
      if (run === this.#coming) this.#coming = null; // also after an error, so that the next offer fetches them again
    }
  }

  /** Show the layout itself again. */
  leave() {
    this.#stop();
    if (this.isOpen) this.#want(this.#last);
  }

  get #last() {
    return this.#serials.length - 1;
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

  /** @param {number} place index of the frame to show */
  #want(place) {
    const wasOpen = this.isOpen;
    this.#wanted = place;
    this.#paint();
    if (this.isOpen) this.#fetch().catch(this.onError);
    else if (wasOpen) this.onLeave();
  }

  /** Fetch the wanted frame and show it: never two frames at a time, and the one wanted last in the end. */
  async #fetch() {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let shown = -1; this.#run && this.isOpen && shown !== this.#wanted; ) {
        const [run, place] = [this.#run, this.#wanted];
        const url = new URL(`${run.url.href}/frames/${this.#serials[place]}`);
        const coords = await drawnCoords(url, run.count, { dims: run.dims, scaled: false }, []);
        if (run === this.#run && this.isOpen) this.onFrame(coords);
        shown = place;
      }
    } finally {
      this.#isFetching = false;
    }
  }

  /**
   * The state of the slider for a run that is paused or done, as `#paint` takes it.
   * @param {Run} run
   */
  #standing({ unit, total: planned, note }) {
    const [done, now] = [this.#steps[this.#wanted], this.#steps[this.#last]];
    const total = Math.max(planned ?? now, now);
    const place = `${unit} ${count(done)} of ${count(total)}`;
    return { done, now, total, text: this.isOpen ? place : told(place, note) };
  }

  /** @param {{done: number, now: number, total: number, text: string} | null} [shown] step of the handle, steps done, steps planned, and the text; null leaves them as they are */
  #paint(shown = this.#run && this.#standing(this.#run)) {
    const { play, slider, label, back, root } = this;
    play.disabled = slider.disabled = this.#run === null || this.#last < 1;
    play.replaceChildren(...(this.#playing ? signed("❚❚", "Pause replay") : signed("↺", "Replay")));
    play.title = this.#playing ? "Pause at this frame" : "See how the layout formed";
    setGone(back, "disabled", !this.isOpen, slider);
    root.dataset.open = String(this.isOpen);
    if (!shown) return;
    slider.max = String(shown.total);
    slider.value = String(shown.done);
    slider.setAttribute("aria-valuetext", shown.text);
    slider.style.setProperty("--embviz-share", String(shown.done / (shown.total || 1)));
    slider.style.setProperty("--embviz-past", String(shown.now / (shown.total || 1)));
    label.textContent = shown.text;
  }
}

/**
 * The text above the slider.
 * @param {string} place
 * @param {string} [note]
 */
function told(place, note) {
  return note ? `${place} · ${note}` : place;
}
