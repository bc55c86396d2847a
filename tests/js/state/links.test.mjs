import assert from "node:assert/strict";
import test from "node:test";
import { Link } from "../../../embviz/ui/frontend/state/links.js";

/** Ends of the channel for panes of these kinds, and what each has heard. */
function panes(...kinds) {
  return kinds.map((kind) => {
    const heard = [];
    const listeners = Object.fromEntries(["hover", "focus", "hidden", "view"].map((name) => [name, (value) => heard.push([name, value])]));
    const link = new Link(listeners);
    link.kind = kind;
    return { link, heard };
  });
}

test("what one pane tells all others hear, and not the one that told it", () => {
  const [a, b, c] = panes("views", "views", "focus");
  a.link.tell("hover", 7);
  assert.deepEqual([a.heard, b.heard, c.heard], [[], [["hover", 7]], [["hover", 7]]]);
  for (const { link } of [a, b, c]) link.destroy();
});

test("only panes with the same view hear of it", () => {
  const [a, b, c] = panes("views", "focus", "views");
  a.link.tell("view", null);
  b.link.tell("view", null);
  assert.deepEqual([a.heard, b.heard, c.heard], [[], [], [["view", null]]]);
  for (const { link } of [a, b, c]) link.destroy();
});

test("a pane that is not linked neither tells nor hears, and one that is gone hears nothing more", () => {
  const [a, b, c] = panes(null, "views", "views");
  a.link.tell("hover", 1);
  b.link.tell("hover", 2);
  c.link.destroy();
  b.link.tell("hover", 3);
  assert.deepEqual([a.heard, b.heard, c.heard], [[], [], [["hover", 2]]]);
  b.link.destroy();
  a.link.destroy();
});
