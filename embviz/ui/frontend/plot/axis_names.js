/** The names of the axes in 3-D, each drawn where its axis leaves the cloud of points. */

import { cloudOf } from "../maths/camera.js";
import { solidBox } from "./figures.js";
import { screenOf } from "../maths/screen.js";

/** @typedef {{text: string, place: number[]}} AxisName the name of an axis, and the coordinates at which it is drawn */

/**
 * The name of each axis, placed where the axis leaves the cloud; at the box's edges names would be out of sight. Pure.
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

/** HTML elements with the axes' names. Plotly's annotations are slower: Plotly makes and measures them for every picture. */
export class AxisNames {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.root = document.createElement("div");
    this.root.className = "embviz-axis-names";
    stage.append(this.root);
    /** @type {{place: Float32Array, element: HTMLElement}[]} */
    this.names = [];
  }

  /** @param {import("./plot.js").Scene} scene whose names are shown, if it is in 3-D; in 2-D Plotly draws them */
  show(scene) {
    this.names = (scene.dims === 3 ? axisNames(scene) : []).map(({ text, place }) => {
      const element = document.createElement("span");
      element.textContent = text;
      element.hidden = true;
      return { place: new Float32Array(place), element };
    });
    this.root.replaceChildren(...this.names.map(({ element }) => element));
  }

  /** @param {import("./plot.js").View} view by which every name is put at its place */
  place(view) {
    for (const { place, element } of this.names) {
      const { x, y } = screenOf(place, 3, view.matrix, view);
      const isBehind = Number.isNaN(x[0]);
      if (element.hidden !== isBehind) element.hidden = isBehind;
      if (!isBehind) element.style.transform = `translate(${x[0].toFixed(1)}px, ${y[0].toFixed(1)}px) translate(-50%, -50%)`;
    }
  }
}
