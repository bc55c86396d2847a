/** A layout that forms: asks the server for the newest frame, again and again. */

import { FollowingBox } from "../maths/box.js";
import { decodeNews } from "../state/protocol.js";

const RETRY_MILLISECONDS = 1000;
const NOT_FOUND = 404; // an address of another process
const GONE = 410; // of this one, but the run has been dropped
const LOST_MILLISECONDS = 2000; // from one call to the next: the page's own connection may not be back yet
const GONE_MILLISECONDS = 10_000; // in which the next request comes, also from a busy server
const SWIFT_MILLISECONDS = 60; // two frames of a screen, and some more
const RESTS = 2; // how many times as long as it takes to draw a frame slowly nothing is drawn after it
const LONGEST_REST = 1500;
const NO_FRAME = 2 ** 31 - 1; // later than any: whoever has seen it is only told of another state

/**
 * How long to ask for nothing after a frame that took so long to draw. Without a GPU the processor draws, which
 * computes the layout at the same time: two thirds of it are left to that. Pure.
 * @param {number} drawing milliseconds
 */
export function restAfter(drawing) {
  return drawing > SWIFT_MILLISECONDS ? Math.min(RESTS * drawing, LONGEST_REST) : 0;
}

/**
 * Never behind and never ahead: a frame is asked for when the one before has been drawn, and it is the newest then.
 * A hidden page is not sent frames, but goes on asking, because that is what tells the server that it is there.
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
    /** @type {Float32Array | null} the newest frame, in its box */
    this.coords = null;
    /** @type {Omit<import("../state/protocol.js").News, "coords"> | null} */
    this.news = null;
    /** Milliseconds from one frame to the next, lately. */
    this.pace = 40;
    /** Milliseconds that nothing was asked for after the last frame, because it was slowly drawn. */
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

  /** A hidden page asks otherwise than one in sight, and gets no animation frames. */
  #askAgain = () => {
    this.#abort.abort();
    this.#goOn();
  };

  async #run() {
    while (!this.stopped && this.news?.state !== "over") {
      this.#abort = new AbortController();
      const answer = await this.#ask().catch(() => null); // hung up on, or the network is down
      if (answer?.status === GONE || answer?.status === NOT_FOUND) return this.#isLost(answer.status === NOT_FOUND);
      if (answer?.body) await this.#take(answer.body);
      else if (answer?.status !== 204) await pause(this.#abort.signal.aborted ? 0 : RETRY_MILLISECONDS);
    }
  }

  /**
   * A run is gone when its visitor asked for something else, and then another request is about to come. But if the
   * server was restarted it has never heard of the run, and nobody tells the page.
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
    if (!coords) news.serial = this.news?.serial ?? 0; // told of another state only: the frame is still to be asked for
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
    await this.#until(requestAnimationFrame); // it is drawn
    await this.#until(requestAnimationFrame); // and seen
    this.rest = restAfter(performance.now() - began);
    if (this.rest) await this.#until((goOn) => setTimeout(goOn, this.rest));
  }

  /** @param {(goOn: () => void) => void} begin what a page in sight waits for, as long as it is */
  async #until(begin) {
    if (document.hidden) return;
    await new Promise((resolve) => {
      this.#goOn = resolve;
      begin(() => resolve(undefined));
    });
  }

  /** Rest no longer: something was just asked of the layout, and what became of it is to be seen at once. */
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
