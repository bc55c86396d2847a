/** The run that a layout comes from: followed while it forms, replayed where it stands still. */

import { LiveFeed } from "./live.js";
import { Replay } from "./replay.js";

const REPLAY_PACE = 80; // milliseconds that points take to the frame looked at

/** @typedef {import("./protocol.js").Request} Request */

/**
 * What is said of a layout that forms, after how far it has come. Pure.
 * @param {{state: string, speed: number, divergence: number | null}} news
 */
export function note({ state, speed, divergence }) {
  const pace = state === "running" && speed ? `${Math.round(speed).toLocaleString("en-US")}/s` : "";
  const doing = { paused: "paused", ended: "finishing", over: "finishing" }[state] ?? pace;
  return [doing, divergence === null ? "" : `KL ${divergence.toFixed(2)}`].filter(Boolean).join(" · ");
}

export class RunWatch {
  /**
   * @param {HTMLElement} host says in `data-run` and `data-done` where a run is that is forming
   * @param {import("./picture.js").Picture} picture
   * @param {(sentence: string) => void} fail
   */
  constructor(host, picture, fail) {
    this.host = host;
    this.picture = picture;
    /** @type {() => void} called when the result of the run can be asked for */
    this.onOver = () => {};
    this.onError = (/** @type {Error} */ error) => fail(`The replay could not be loaded: ${error.message}`);
    this.onLost = (/** @type {Error} */ error) => fail(`The layout can no longer be followed: ${error.message}`);
    this.replay = new Replay(host, {
      onFrame: (coords) => picture.follow(coords, REPLAY_PACE),
      onLeave: () => picture.glideTo(this.coords),
      onError: this.onError,
    });
    /** @type {LiveFeed | null} of the layout that is forming */
    this.feed = null;
    this.revision = "";
    this.isOver = false;
    /** Where the points belong, as they are drawn. */
    this.coords = new Float32Array(0);
  }

  /**
   * Coordinates to begin with; null where the run has been dropped. Without a run the slider makes room first.
   * @param {Request} request
   * @param {Float32Array | null} finished null while they form
   * @returns {Promise<Float32Array | null>}
   */
  async coordsOf({ run, items, coords, base }, finished) {
    const url = run && !finished ? new URL(run.url, base).href : null;
    if (this.feed?.url !== url) {
      this.feed?.stop();
      this.feed = url === null || this.isOver ? null : new LiveFeed(url, items.count, coords.dims);
      if (this.feed) this.feed.onError = this.onLost;
    }
    await this.feed?.begun;
    if (!run) this.replay.hide(); // before the picture is fitted into the stage
    return finished ?? this.feed?.coords ?? null;
  }

  /**
   * Another request is waiting for its turn: stop following a run that it is not about, whose first frame may never come.
   * @param {Request} request
   */
  giveWay({ run, base }) {
    if (this.feed && this.feed.url !== (run && new URL(run.url, base).href)) this.feed.stop();
  }

  /**
   * From now on this request is shown.
   * @param {Request} request
   * @param {Float32Array} coords
   */
  show(request, coords) {
    if (request.coords.revision !== this.revision) this.replay.hide();
    this.revision = request.coords.revision;
    this.coords = coords;
    const { run } = request;
    const { feed } = this;
    delete this.host.dataset.run;
    if (!run) return;
    if (!feed) return this.#offerReplay(request);
    feed.onNews = () => {
      if (feed === this.feed) this.#follow(feed, request);
    };
    feed.onNews();
  }

  /**
   * @param {LiveFeed} feed
   * @param {Request} request
   */
  #follow({ news, coords, pace }, request) {
    if (!news || !coords) return;
    const standsStill = news.state !== "running";
    if (!standsStill) this.replay.follow(request.run?.unit ?? "", news.done, news.total, note(news));
    if (coords !== this.coords && !this.replay.isOpen) this.picture.follow(coords, pace);
    this.coords = coords;
    if (standsStill) this.#offerReplay(request, { total: news.total, note: note(news) });
    Object.assign(this.host.dataset, { run: news.state, done: news.done });
    if (news.state === "over") this.onOver();
  }

  /**
   * @param {Request} request
   * @param {{total?: number, note?: string}} [live] of a layout that forms: steps planned, and what else is said of it
   */
  #offerReplay({ run, items, coords, base }, live) {
    if (!run) return;
    const offered = { url: new URL(run.url, base), unit: run.unit, count: items.count, dims: coords.dims, ...live };
    this.replay.offer(offered).catch(this.onError);
  }

  destroy() {
    this.isOver = true;
    this.feed?.stop();
    this.replay.hide();
  }
}
