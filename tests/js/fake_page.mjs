/** A page without a browser: elements that take everything, a clock that the test turns, and a GPU with a speed. */

/**
 * An element, or a canvas: what is set is kept, and every method does nothing.
 * @param {object} [own] what it has besides
 * @returns {any}
 */
export const anElement = (own = {}) =>
  new Proxy(/** @type {any} */ ({ dataset: {}, style: {}, hidden: false, ...own }), { get: (kept, name) => (name in kept ? kept[name] : () => undefined) });

/**
 * Put a page in the place of the browser's until the test ends.
 * @param {import("node:test").TestContext} context of the test
 * @param {{pointsPerMillisecond?: number}} [machine] how fast its GPU draws
 */
export function fakePage(context, { pointsPerMillisecond = Infinity } = {}) {
  let [now, last, gpuDone] = [0, 0, 0];
  /** @type {Map<number, () => void>} */
  let frames = new Map();
  /** @type {Map<number, {due: number, run: () => void}>} */
  const timers = new Map();
  /** What the GPU was asked for, and from which place in its order. @type {{name: string, count: number, from: number}[]} */
  const drawn = [];
  const fences = { pending: 0, most: 0 };
  const add = (/** @type {string} */ name, /** @type {number} */ count, /** @type {number} */ from) => {
    drawn.push({ name, count, from });
    gpuDone = Math.max(gpuDone, now) + count / pointsPerMillisecond;
  };
  /** @type {any} */
  const own = {
    canvas: anElement(),
    isContextLost: () => false,
    getProgramParameter: () => true,
    getParameter: () => 4096,
    getAttribLocation: () => 0,
    drawElements: (/** @type {string} */ _, /** @type {number} */ count, /** @type {string} */ __, /** @type {number} */ offset) => add("points", count, offset / 4),
    drawArrays: (/** @type {string} */ _, /** @type {number} */ from, /** @type {number} */ count) => add("pictures", count, from),
    fenceSync: () => {
      fences.most = Math.max(fences.most, ++fences.pending);
      return { done: gpuDone };
    },
    getSyncParameter: (/** @type {{done: number}} */ { done }) => (now >= done ? "SIGNALED" : "UNSIGNALED"),
    deleteSync: () => fences.pending--,
    getExtension: () => null,
  };
  const isConstant = (/** @type {string} */ name) => /^[A-Z]/.test(name);
  const gl = new Proxy(own, { get: (_, name) => own[name] ?? (isConstant(String(name)) ? name : () => ({})) });
  const page = {
    document: { createElement: () => anElement({ getContext: () => gl }), body: anElement() },
    devicePixelRatio: 1,
    matchMedia: () => ({ matches: true, addEventListener() {} }),
    performance: { now: () => now },
    requestAnimationFrame: (/** @type {(now: number) => void} */ run) => (frames.set(++last, () => run(now)), last),
    cancelAnimationFrame: (/** @type {number} */ id) => frames.delete(id),
    setTimeout: (/** @type {() => void} */ run, wait = 0) => (timers.set(++last, { due: now + wait, run }), last),
    clearTimeout: (/** @type {number} */ id) => timers.delete(id),
  };
  const names = [...Object.keys(page), "window"];
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const [name, value] of Object.entries({ ...page, window: page })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  context.after(() =>
    names.forEach((name, at) => {
      const kept = before[at];
      if (kept) Object.defineProperty(globalThis, name, kept);
      else delete (/** @type {any} */ (globalThis)[name]);
    }),
  );
  /** Let time pass, with 60 frames a second. @param {number} milliseconds */
  const pass = (milliseconds) => {
    for (const end = now + milliseconds; now < end; now++) {
      for (const [id, { due, run }] of [...timers]) if (due <= now && timers.delete(id)) run();
      if (now % 16) continue;
      const due = frames;
      frames = new Map();
      for (const run of due.values()) run();
    }
  };
  return { drawn, fences, pass };
}
