/** The slider under the plot: how far a layout has come, and where it stands still, the frames it went through. */

import { drawnCoords, fetchBytes } from "../state/arrays.js";
import { button, setGone } from "../chrome/buttons.js";
import { count } from "../state/counts.js";
import { decodeFrames } from "../state/protocol.js";
import { signed } from "./steer.js";

const PLAYING_MILLISECONDS = 6000; // for all frames, however many
const PAGES = 10; // presses of a page key from one end to the other

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
 * Place of the last frame that is not later than so many steps. Pure.
 * @param {ArrayLike<number>} steps done at each frame, never falling
 * @param {number} step
 */
export function placeAt(steps, step) {
  let place = 0;
  for (let at = 1; at < steps.length && steps[at] <= step; at++) place = at;
  return place;
}

/**
 * Where a key of the slider leads to, from frame to frame; null for a key that leads nowhere. Pure.
 * @param {string} key
 * @param {number} place
 * @param {number} last
 */
export function keyedTo(key, place, last) {
  const page = Math.max(1, Math.round(last / PAGES));
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page };
  const move = new Map(Object.entries({ ...steps, Home: -last, End: last })).get(key);
  return move === undefined ? null : Math.min(last, Math.max(0, place + move));
}

/**
 * @typedef {object} Run
 * @property {URL} url
 * @property {string} unit what its steps are called
 * @property {number} [serial] of its newest frame, where more are to come
 * @property {number} [total] steps planned, where more are to come
 * @property {string} [note] what else is said of the layout itself
 * @property {number} count items
 * @property {number} dims
 */

/** The slider is as long as the plan; the last frame is the layout itself. */
export class Replay {
  /** @type {Run | null} whose frames are offered */
  #run = null;
  /** @type {Run | null} whose frames are on their way */
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
   * @param {HTMLElement} steer the buttons that stand before the slider
   * @param {{onFrame: (coords: Float32Array) => void, onLeave: () => void, onError: (error: Error) => void}} actions onLeave: back to the layout itself
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
      const place = placeAt(this.#steps, this.slider.valueAsNumber); // stopping puts the handle back
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
      event.preventDefault(); // and nothing else lets go of anything
      this.leave();
    });
    this.root.append(steer, this.play, track, this.back);
    host.append(this.root);
    this.#paint();
  }

  /** Whether a frame of the past is shown. */
  get isOpen() {
    return this.#run !== null && this.#wanted < this.#last;
  }

  hide() {
    this.forget();
    this.root.hidden = true;
  }

  /** Offer no frames any longer; the row keeps its place. */
  forget() {
    this.#stop();
    this.#run = this.#coming = null;
    this.#paint();
  }

  /**
   * Say how far a layout has come that is still forming.
   * @param {string} unit
   * @param {number} done
   * @param {number} total
   * @param {string} note what else is said of it
   */
  follow(unit, done, total, note) {
    this.forget();
    this.root.hidden = false;
    this.#paint({ done, now: done, total, text: told(`${unit} ${count(done)} of ${count(total)}`, note) });
  }

  /**
   * Offer the frames of a layout that stands still. Those offered already stay unless there are more by now, and nobody
   * is looking at one of them; what is said of the layout may change.
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
      if (run === this.#coming) this.#coming = null; // also after an error: offered again, they are asked for again
    }
  }

  /** Back to the layout itself. */
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
   * What the slider shows of a run that stands still.
   * @param {Run} run
   */
  #standing({ unit, total: planned, note }) {
    const [done, now] = [this.#steps[this.#wanted], this.#steps[this.#last]];
    const total = Math.max(planned ?? now, now);
    const place = `${unit} ${count(done)} of ${count(total)}`;
    return { done, now, total, text: this.isOpen ? place : told(place, note) };
  }

  /** @param {{done: number, now: number, total: number, text: string} | null} [shown] handle, end of the past, end of the plan, and the words; null leaves them */
  #paint(shown = this.#run && this.#standing(this.#run)) {
    const { play, slider, label, back, root } = this;
    play.disabled = slider.disabled = this.#run === null || this.#last < 1;
    play.replaceChildren(...(this.#playing ? signed("❚❚", "Pause replay") : signed("↺", "Replay")));
    play.title = this.#playing ? "Stand still at this moment of the past" : "See how the layout formed";
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
 * @param {string} place
 * @param {string} [note]
 */
function told(place, note) {
  return note ? `${place} · ${note}` : place;
}
