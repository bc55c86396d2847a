/** The run of a layout: followed and steered while the layout forms, replayed while it is paused or done. */

import { LiveFeed } from "./live.js";
import { Replay } from "./replay.js";
import { SteerButtons } from "./steer.js";

const REPLAY_PACE = 80; // milliseconds in which points move to a replayed frame
const SETTLING_SECONDS = 4; // seconds in which the time left that is shown falls to a shorter estimate
const MOST_RISE = 0.5; // largest growth of the time left that is shown, in seconds per second
const LOST = "The run ended when the server stopped. Press Run to start again.";

/** @typedef {import("../state/messages.js").Request} Request */

/**
 * A number of seconds in rough words, the same as those of `embviz/ui/waiting/stages.py`. Pure.
 * @param {number} seconds
 */
export function timeInWords(seconds) {
  if (seconds < 5) return "a few seconds";
  if (seconds < 55) return `about ${5 * Math.round(seconds / 5)} s`;
  if (seconds < 3600) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return "more than an hour";
}

/**
 * The seconds left to show now, which never jump up. Pure.
 * @param {number | null} said seconds that were shown last; null if none were
 * @param {number} estimated
 * @param {number} seconds since then
 */
export function steadied(said, estimated, seconds) {
  if (said === null) return estimated;
  const byNow = Math.max(said - seconds, 0);
  if (estimated > byNow) return Math.min(estimated, said + MOST_RISE * seconds);
  return byNow + (estimated - byNow) * Math.min(seconds / SETTLING_SECONDS, 1);
}

/**
 * The text after the number of steps of a layout that forms: its state or the time left, and its divergence. Pure.
 * @param {{state: string, divergence: number | null}} news
 * @param {number | null} left seconds; null if not known
 */
export function note({ state, divergence }, left) {
  const time = state === "running" && left !== null ? `${timeInWords(left)} left` : "";
  const doing = { waiting: "waiting for its turn", paused: "paused", ended: "finishing", over: "finishing" }[state] ?? time;
  return [doing, divergence === null ? "" : `KL ${divergence.toFixed(2)}`].filter(Boolean).join(" · ");
}

/**
 * The part of an address that differs from one process of the server to another. Pure.
 * @param {string} address `embviz/data/<process>/<key>`
 */
function processOf(address) {
  return address.split("/").at(-2);
}

export class RunWatch {
  /**
   * @param {HTMLElement} host gets state and steps done of a layout that forms as `data-run` and `data-done`
   * @param {import("../plot/picture.js").Picture} picture
   * @param {import("../state/memory.js").Memory} memory of the pane
   * @param {(sentence: string) => void} fail
   */
  constructor(host, picture, memory, fail) {
    this.host = host;
    this.picture = picture;
    this.memory = memory;
    this.fail = fail;
    /** @type {() => void} called when the result of the run can be asked for, or the server has lost it */
    this.onOver = () => {};
    /** @type {() => void} called when the visitor asks for more steps of a run that has ended */
    this.onMore = () => {};
    this.onError = (/** @type {Error} */ error) => fail(`The replay could not be loaded: ${error.message}`);
    this.onUnreadable = (/** @type {Error} */ error) => fail(`The layout can no longer be followed: ${error.message}`);
    this.buttons = new SteerButtons((wish) => this.#steer(wish));
    this.replay = new Replay(host, this.buttons.root, {
      onFrame: (coords) => picture.follow(coords, REPLAY_PACE),
      onLeave: () => picture.glideTo(this.coords),
      onError: this.onError,
    });
    /** @type {LiveFeed | null} the frames of the layout that forms */
    this.feed = null;
    /** @type {{seconds: number | null, total: number, at: number}} time left that was shown last, for how many steps, and when */
    this.left = { seconds: null, total: 0, at: 0 };
    /** @type {Request | null} the request that is shown */
    this.request = null;
    /** @type {Request | null} the newest request, which may wait for its turn */
    this.heard = null;
    /** @type {WeakSet<Request>} requests before which the server was started anew during a run */
    this.withoutItsRun = new WeakSet();
    this.isOver = false;
    /** @type {Float32Array} coordinates of the layout itself, to which points return after a replay */
    this.coords = new Float32Array(0);
  }

  /**
   * The coordinates that are drawn first: the finished ones, or the first frame of a layout that forms; null if its run
   * was dropped. Without a run the slider is hidden, so that the plot gets its room.
   * @param {Request} request
   * @param {Float32Array | null} finished null while the layout forms
   * @returns {Promise<Float32Array | null>}
   */
  async coordsOf({ run, items, coords, base }, finished) {
    const url = run && !finished ? new URL(run.url, base).href : null;
    if (this.feed?.url !== url) {
      this.feed?.stop();
      this.feed = url === null || this.isOver ? null : new LiveFeed(url, items.count, coords.dims);
      if (this.feed) {
        this.feed.onError = this.onUnreadable;
        this.feed.onLost = (restarted) => this.#isLost(restarted);
      }
    }
    await this.feed?.begun;
    if (!run) this.replay.hide(); // now, before the picture is fitted into the stage
    return finished ?? this.feed?.coords ?? null;
  }

  /**
   * Make way for a request that waits for its turn: stop following another run, whose first frame may never come. If the
   * server was started anew since the request before, what was at work then is lost; the feed may hear of it too late.
   * @param {Request} request
   */
  giveWay(request) {
    const { run, items, base } = request;
    const { heard, feed } = this;
    const wasAtWork = heard?.isAtWork || (feed && feed.news?.state !== "over");
    if (heard && wasAtWork && processOf(items.url) !== processOf(heard.items.url)) this.withoutItsRun.add(request);
    this.heard = request;
    if (feed && feed.url !== (run && new URL(run.url, base).href)) feed.stop();
  }

  /**
   * Follow or replay the run of a request, which is shown from now on.
   * @param {Request} request
   * @param {Float32Array} coords
   */
  show(request, coords) {
    if (request.coords.revision !== this.request?.coords.revision) this.replay.forget();
    this.request = request;
    this.coords = coords;
    const { run } = request;
    const { feed } = this;
    delete this.host.dataset.run;
    if (this.withoutItsRun.has(request)) this.memory.lostRun = true;
    if (run || request.isAsked) this.memory.lostRun = false;
    if (this.memory.lostRun) this.fail(LOST);
    if (!run) return;
    if (!feed) {
      this.buttons.show(request.isAsked ? { ...run, state: "ended" } : null);
      return this.#offerReplay(request);
    }
    feed.onNews = () => {
      if (feed === this.feed) this.#follow(feed, request);
    };
    feed.onNews();
  }

  /**
   * Draw the newest frame and the progress of a layout that forms.
   * @param {LiveFeed} feed
   * @param {Request} request
   */
  #follow({ news, coords, pace, rest }, request) {
    const { run } = request;
    if (!news || !coords || !run) return;
    const standsStill = news.state !== "running";
    const said = note(news, this.#secondsLeft(news));
    this.buttons.show({ ...run, state: news.state === "ended" ? "over" : news.state });
    if (!standsStill) this.replay.follow(run.unit, news.done, news.total, said);
    if (coords !== this.coords && !this.replay.isOpen) this.picture.follow(coords, rest ? 0 : pace); // no movement between frames if drawing is slow
    this.coords = coords;
    if (standsStill) this.#offerReplay(request, { serial: news.serial, total: news.total, note: said });
    Object.assign(this.host.dataset, { run: news.state, done: news.done });
    if (news.state === "over") this.onOver();
  }

  /** @param {{done: number, total: number, speed: number}} news */
  #secondsLeft({ done, total, speed }) {
    const now = performance.now() / 1000;
    const { left } = this;
    const said = total === left.total ? left.seconds : null; // after more steps were asked for, the time left may jump up
    const seconds = speed ? steadied(said, (total - done) / speed, now - left.at) : null;
    this.left = { seconds, total, at: now };
    return seconds;
  }

  /**
   * Tell the visitor that the server does not know the run, and have the page ask Python anew what to show.
   * @param {boolean} restarted
   */
  #isLost(restarted) {
    this.memory.lostRun = restarted;
    this.buttons.show(null);
    if (restarted) this.fail(LOST);
    this.onOver();
  }

  /**
   * Send a wish to the server by a request of its own, because the page's script may have to wait for its turn. Only a
   * run that has ended needs the script to go on.
   * @param {import("./steer.js").Wish} wish
   */
  #steer(wish) {
    const { request, feed } = this;
    if (!request?.run) return;
    if (!feed) return this.onMore();
    fetch(new URL(`${request.run.url}/wishes/${wish}`, request.base), { method: "POST" }).then(
      () => feed.wake(),
      () => this.fail("The server cannot be reached: nothing was changed. Try again."),
    );
  }

  /**
   * Offer the frames of the request's run for replay.
   * @param {Request} request
   * @param {{serial: number, total: number, note: string}} [live] for a layout that is not done: serial number of its newest frame, steps planned, and the text after the number of steps
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
