/** The feed of a layout that forms: asks the server for the newest frame again and again. */

import { FollowingBox } from "../maths/box.js";
import { decodeNews } from "../state/protocol.js";

const RETRY_MILLISECONDS = 1000; // pause after a request that failed
const NOT_FOUND = 404; // status of an address that another process of the server has made
const GONE = 410; // status of an address that this process has made, whose run has been dropped
const LOST_MILLISECONDS = 2000; // from one call of `onLost` to the next, as the page's own connection may not be back yet
const GONE_MILLISECONDS = 10_000; // within which Python's next request comes after a run was dropped, even if the server is busy
const SWIFT_MILLISECONDS = 60; // a frame drawn in this time, somewhat more than two refreshes of a screen, needs no rest
const RESTS = 2; // length of the rest after a frame that was drawn slowly, in times of its drawing
const LONGEST_REST = 1500; // milliseconds
const NO_FRAME = 2 ** 31 - 1; // a serial number after all frames: to a request with it the server answers only if the state changes

/**
 * The milliseconds for which nothing is asked for after a frame was drawn. Without a GPU the processor draws, which
 * also computes the layout; a rest leaves two thirds of its time to the layout. Pure.
 * @param {number} drawing milliseconds that drawing the frame took
 */
export function restAfter(drawing) {
  return drawing > SWIFT_MILLISECONDS ? Math.min(RESTS * drawing, LONGEST_REST) : 0;
}

/**
 * The frames of a layout that forms. The newest frame is asked for each time that the previous one has been drawn, so
 * the picture is never behind. A hidden page gets no frames, but keeps asking, because a server stops a run that no
 * page asks for.
 */
export class LiveFeed {
  #abort = new AbortController();
  /** @type {() => void} */
  #begin = () => {};
  /** @type {(value?: unknown) => void} */
  #goOn = () => {};
  #box = new FollowingBox();
  #arrived = 0;

  /**
   * @param {string} url of the run
   * @param {number} count items
   * @param {number} dims
   */
  constructor(url, count, dims) {
    this.url = url;
    this.size = { count, dims };
    this.stopped = false;
    /** @type {Float32Array | null} coordinates of the newest frame, scaled into the box in which it is drawn */
    this.coords = null;
    /** @type {Omit<import("../state/protocol.js").News, "coords"> | null} */
    this.news = null;
    /** Milliseconds from one frame to the next, as an average of the last ones. */
    this.pace = 40;
    /** Milliseconds for which nothing was asked for after the last frame; 0 unless it was drawn slowly. */
    this.rest = 0;
    /** @type {() => void} called after `coords` or `news` have changed */
    this.onNews = () => {};
    /** @type {(error: Error) => void} called when the layout cannot be followed any longer */
    this.onError = () => {};
    /** @type {(restarted: boolean) => void} called again and again, until the feed is stopped, when the server has no such run */
    this.onLost = () => {};
    document.addEventListener("visibilitychange", this.#askAgain);
    /** @type {Promise<void>} fulfilled with the first frame, or when there will be none */
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#run()
      .catch((error) => this.onError(error))
      .finally(() => this.stop());
  }

  /** Ask anew when the page is hidden or shown: a hidden page asks for no frames, and waits for no animation frame. */
  #askAgain = () => {
    this.#abort.abort();
    this.#goOn();
  };

  async #run() {
    while (!this.stopped && this.news?.state !== "over") {
      this.#abort = new AbortController();
      const answer = await this.#ask().catch(() => null); // the request was aborted, or the network is down
      if (answer?.status === GONE || answer?.status === NOT_FOUND) return this.#isLost(answer.status === NOT_FOUND);
      if (answer?.body) await this.#take(answer.body);
      else if (answer?.status !== 204) await pause(this.#abort.signal.aborted ? 0 : RETRY_MILLISECONDS);
    }
  }

  /**
   * Report a lost run, after a wait. If the run was dropped because its visitor asked for something else, Python's next
   * request stops this feed during the wait. A restarted server does not know the run, and nothing else tells the page.
   * @param {boolean} restarted
   */
  async #isLost(restarted) {
    this.#begin();
    for (let wait = restarted ? LOST_MILLISECONDS : GONE_MILLISECONDS; !this.stopped; wait = LOST_MILLISECONDS) {
      await pause(wait);
      if (!this.stopped) this.onLost(restarted);
    }
  }

  async #ask() {
    const { news } = this;
    const after = document.hidden && news ? NO_FRAME : (news?.serial ?? 0);
    const url = `${this.url}?after=${after}` + (news ? `&state=${news.code}` : "");
    const response = await fetch(url, { signal: this.#abort.signal, cache: "no-store" });
    return { status: response.status, body: response.status === 200 ? await response.arrayBuffer() : null };
  }

  /** @param {ArrayBuffer} body */
  async #take(body) {
    if (this.stopped) return;
    const { count, dims } = this.size;
    const { coords, ...news } = decodeNews(body, count, dims);
    if (!coords) news.serial = this.news?.serial ?? 0; // only the state is new; the frame is still to be asked for
    this.news = news;
    if (coords) {
      const now = performance.now();
      if (this.#arrived) this.pace += 0.2 * (Math.min(250, now - this.#arrived) - this.pace);
      this.#arrived = now;
      this.coords = this.#box.fit(coords, dims);
      this.#begin();
    }
    this.onNews();
    const began = performance.now();
    await this.#until(requestAnimationFrame); // until the frame is drawn
    await this.#until(requestAnimationFrame); // until the browser has shown it
    this.rest = restAfter(performance.now() - began);
    if (this.rest) await this.#until((goOn) => setTimeout(goOn, this.rest));
  }

  /** @param {(goOn: () => void) => void} begin starts what a visible page waits for; a hidden page does not wait */
  async #until(begin) {
    if (document.hidden) return;
    await new Promise((resolve) => {
      this.#goOn = resolve;
      begin(() => resolve(undefined));
    });
  }

  /** End a rest, because the visitor has just asked something of the layout and is to see the effect at once. */
  wake() {
    this.#goOn();
  }

  stop() {
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.#askAgain);
    this.#abort.abort();
    this.#begin();
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
