import assert from "node:assert/strict";
import { test } from "node:test";

const listeners = new Set();
Object.assign(globalThis, {
  document: {
    hidden: false,
    addEventListener: (_name, listener) => listeners.add(listener),
    removeEventListener: (_name, listener) => listeners.delete(listener),
  },
  requestAnimationFrame: (draw) => setTimeout(draw, 0),
});
const { LiveFeed, restAfter } = await import("../../../embviz/ui/frontend/run/live.js");
const { RUN_STATES } = await import("../../../embviz/ui/frontend/state/protocol.js");
const RUNNING = RUN_STATES.indexOf("running");
const OVER = RUN_STATES.indexOf("over");

/** News of a layout of two items in 2-D. */
function news(serial, state) {
  const body = new ArrayBuffer(24 + 16);
  new Int32Array(body, 0, 4).set([serial, serial, 750, state]);
  new Float32Array(body, 16).set([10, NaN, 0, 0, serial, 1]);
  return body;
}

/** A server that gives these answers to one request after the other; an answer may be a function of the abort signal. */
function serve(t, ...answers) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (url, { signal }) => {
    asked.push(url);
    const answer = answers.shift() ?? news(99, OVER);
    if (typeof answer === "function") return answer(signal);
    if (typeof answer === "number") return { status: answer };
    return { status: 200, arrayBuffer: async () => answer };
  });
  return asked;
}

/** A feed that was followed to its end, with the serial numbers and the errors that it reported. */
async function followed(url = "http://here/run") {
  const feed = new LiveFeed(url, 2, 2);
  const seen = [];
  const errors = [];
  feed.onNews = () => seen.push(feed.news.serial);
  feed.onError = (error) => errors.push(error.message);
  while (!feed.stopped) await new Promise((resolve) => setTimeout(resolve, 1));
  return { feed, seen, errors };
}

test("every frame is seen in order, each asked for after the one before", async (t) => {
  const asked = serve(t, news(1, RUNNING), 204, news(5, RUNNING), news(9, OVER));
  const { seen, errors } = await followed();
  assert.deepEqual(seen, [1, 5, 9]);
  assert.deepEqual(errors, []);
  assert.deepEqual(asked.map((url) => new URL(url).searchParams.get("after")), ["0", "1", "1", "5"]);
});

test("a page that is hidden while a frame is on its way asks again, and loses nothing", async (t) => {
  const onItsWay = (signal) => ({
    status: 200,
    arrayBuffer: () =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("hung up", "AbortError")));
        for (const listener of listeners) listener();
      }),
  });
  serve(t, news(1, RUNNING), onItsWay, news(7, OVER));
  const { seen, errors } = await followed();
  assert.deepEqual([seen, errors], [[1, 7], []]);
});

test("where the server is in trouble it is asked again after a while, not at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serve(t, 503, 502, news(3, OVER));
  const feed = new LiveFeed("http://here/run", 2, 2);
  for (let second = 1; second <= 3; second++) {
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked.length, second);
    t.mock.timers.tick(1000);
  }
  await feed.begun;
  assert.equal(feed.news.serial, 3);
});

test("a run that the server does not know is reported until somebody asks for something else, and nobody waits for it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [status, restarted] of [[404, true], [410, false]]) {
    const asked = serve(t, status);
    const feed = new LiveFeed("http://here/run", 2, 2);
    const reports = [];
    feed.onLost = (told) => reports.push(told);
    await feed.begun;
    assert.deepEqual([feed.coords, reports], [null, []], "another request may be on its way");
    for (let times = 1; times <= 3; times++) {
      t.mock.timers.tick(10_000);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(reports, Array(times).fill(restarted));
    }
    feed.stop();
    t.mock.timers.tick(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(reports.length, 3);
    assert.equal(asked.length, 1);
  }
});

test("an answer that is none is said, and ends the feed", async (t) => {
  serve(t, new ArrayBuffer(25));
  const { errors } = await followed();
  assert.equal(errors.length, 1);
});

test("a layout that is slowly drawn has two thirds of the time to itself, and is still seen to form", () => {
  assert.deepEqual([0, 17, 34, 50].map(restAfter), [0, 0, 0, 0], "a screen draws 30 to 60 frames a second");
  for (const drawing of [100, 300, 700]) assert.ok(drawing / (drawing + restAfter(drawing)) <= 0.34);
  assert.ok(restAfter(60_000) < 2000);
});

test("after a frame that was slowly drawn nothing is asked for until the layout had its time", async (t) => {
  let milliseconds = 0;
  t.mock.method(performance, "now", () => milliseconds);
  t.mock.method(globalThis, "requestAnimationFrame", (draw) => {
    milliseconds += 100;
    setImmediate(draw);
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serve(t, news(1, RUNNING), news(2, OVER));
  const feed = new LiveFeed("http://here/run", 2, 2);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(asked.length, 1);
  assert.equal(feed.rest, restAfter(200));
  t.mock.timers.tick(feed.rest);
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(asked.length, 2);
});

test("what was asked of a layout that is slowly drawn is seen at once", async (t) => {
  let milliseconds = 0;
  t.mock.method(performance, "now", () => milliseconds);
  t.mock.method(globalThis, "requestAnimationFrame", (draw) => {
    milliseconds += 100;
    setImmediate(draw);
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serve(t, news(1, RUNNING), news(2, OVER));
  const feed = new LiveFeed("http://here/run", 2, 2);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(asked.length, 1);
  feed.wake();
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(asked.length, 2);
});

test("a page that is hidden while a frame is drawn waits for no drawing", async (t) => {
  t.mock.method(globalThis, "requestAnimationFrame", () => {
    if (document.hidden) return; // a hidden page draws nothing
    document.hidden = true;
    for (const listener of listeners) listener();
  });
  t.after(() => {
    document.hidden = false;
  });
  serve(t, news(1, RUNNING), news(2, OVER));
  assert.deepEqual((await followed()).seen, [1, 2]);
});
