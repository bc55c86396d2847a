import assert from "node:assert/strict";
import { test } from "node:test";

import { PointerWatch } from "../../../embviz/ui/frontend/pointer/pointer.js";

/** Node's targets, as browsers have them: Node does not remove a listener that captures by a mere `true`. */
class Target extends EventTarget {
  /** @type {EventTarget["removeEventListener"]} */
  removeEventListener(name, listener, options) {
    super.removeEventListener(name, listener, typeof options === "boolean" ? { capture: options } : options);
  }
}

/**
 * What a watch has reported, and a way to send events of a pointer to its host, or to the rest of the page.
 * @param {import("node:test").TestContext} context of the test
 */
function watched(context) {
  const names = ["window", "Element"];
  const [host, page] = [new Target(), new Target()];
  Object.assign(globalThis, { window: page, Element: class {} });
  context.after(() => names.forEach((name) => delete (/** @type {any} */ (globalThis)[name])));
  /** @type {string[]} */
  const told = [];
  const watch = new PointerWatch(/** @type {any} */ (host), {
    onHover: () => told.push("hover"),
    onLeave: () => told.push("leave"),
    onClick: () => told.push("click"),
    onDoubleClick: () => told.push("double"),
  });
  const send = (/** @type {string} */ name, /** @type {any} */ init = {}) => {
    const { isOutside = false, ...rest } = init;
    const targets = isOutside ? [page] : name === "pointerleave" ? [host] : [page, host]; // the window captures first
    for (const target of targets) {
      const event = Object.assign(new Event(name), { pointerType: "touch", button: 0, buttons: 0, clientX: 50, clientY: 50, ...rest });
      target.dispatchEvent(event);
    }
  };
  const took = () => told.splice(0);
  return { watch, send, took };
}

/** A tap, as browsers report it: the finger leaves with its release. */
function tap(/** @type {(name: string, init?: any) => void} */ send, init = {}) {
  send("pointerdown", { buttons: 1, ...init });
  send("pointerup", init);
  if (!("isOutside" in init)) send("pointerleave", init);
}

test("what a tap shows stays when the finger is lifted", (context) => {
  const { send, took } = watched(context);
  tap(send);
  assert.equal(took().at(-1), "click");
});

test("a tap elsewhere on the page ends what a tap has shown", (context) => {
  const { send, took } = watched(context);
  tap(send);
  took();
  tap(send, { isOutside: true });
  assert.deepEqual(took(), ["leave"]);
});

test("a drag by a finger ends what a tap has shown", (context) => {
  const { send, took } = watched(context);
  tap(send);
  took();
  send("pointerdown", { buttons: 1 });
  send("pointermove", { buttons: 1, clientX: 90 });
  send("pointerup", { clientX: 90 });
  send("pointerleave", { clientX: 90 });
  const told = took();
  assert.ok(told.includes("leave") && !told.includes("click"), String(told));
});

test("a mouse that leaves ends what it has shown, and its press does not", (context) => {
  const { send, took } = watched(context);
  const mouse = { pointerType: "mouse" };
  send("pointermove", mouse);
  send("pointerdown", { ...mouse, buttons: 1 });
  send("pointerup", mouse);
  assert.deepEqual(took(), ["hover", "click"]);
  send("pointerleave", mouse);
  assert.deepEqual(took(), ["leave"]);
});

test("nothing is heard any more after the end", (context) => {
  const { watch, send, took } = watched(context);
  watch.destroy();
  tap(send);
  tap(send, { isOutside: true });
  send("pointermove", { pointerType: "mouse" });
  send("pointerleave", { pointerType: "mouse" });
  send("wheel");
  send("scroll");
  assert.deepEqual(took(), []);
});
