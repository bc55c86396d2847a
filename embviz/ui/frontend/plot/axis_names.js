/** The names of the axes in 3-D, each where its axis leaves the cloud. */

import { cloudOf } from "../maths/camera.js";
import { solidBox } from "./figures.js";
import { screenOf } from "../maths/screen.js";

/** @typedef {{text: string, place: number[]}} AxisName with its place in coordinates */

/**
 * The name of each axis where it leaves the cloud: beside the box they would be out of sight. Pure.
 * @param {import("./plot.js").Scene} scene in 3-D
 * @returns {AxisName[]}
 */
export function axisNames(scene) {
  const { scale, shift } = solidBox(scene);
  const { center, radius } = cloudOf(scene.coords, { scale, shift });
  return scene.axes.map((text, named) => ({
    text,
    place: center.map((at, axis) => (at + (axis === named ? radius : 0) - shift[axis]) / scale[axis]),
  }));
}

/** Not Plotly's annotations: it makes those anew for every picture, and has the browser measure each of them. */
export class AxisNames {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.root = document.createElement("div");
    this.root.className = "embviz-axis-names";
    stage.append(this.root);
    /** @type {{place: Float32Array, element: HTMLElement}[]} */
    this.names = [];
  }

  /** @param {import("./plot.js").Scene} scene in 2-D Plotly draws the names */
  show(scene) {
    this.names = (scene.dims === 3 ? axisNames(scene) : []).map(({ text, place }) => {
      const element = document.createElement("span");
      element.textContent = text;
      element.hidden = true;
      return { place: new Float32Array(place), element };
    });
    this.root.replaceChildren(...this.names.map(({ element }) => element));
  }

  /** @param {import("./plot.js").View} view put every name where it belongs now */
  place(view) {
    for (const { place, element } of this.names) {
      const { x, y } = screenOf(place, 3, view.matrix, view);
      const isBehind = Number.isNaN(x[0]);
      if (element.hidden !== isBehind) element.hidden = isBehind;
      if (!isBehind) element.style.transform = `translate(${x[0].toFixed(1)}px, ${y[0].toFixed(1)}px) translate(-50%, -50%)`;
    }
  }
}
