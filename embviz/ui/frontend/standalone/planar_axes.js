/** The axes of a 2-D plot without Plotly: titles, and numbers and a grid where they mean something. */

import { figure } from "../texts/counts.js";
import { planarPlacement } from "../maths/screen.js";

const SVG = "http://www.w3.org/2000/svg";
const APART = 80; // CSS pixels between two lines of the grid, at least

/**
 * Round numbers in a range at equal steps of 1, 2 or 5 times a power of ten. Pure.
 * @param {[number, number]} range
 * @param {number} most
 * @returns {number[]}
 */
export function ticksOf([low, high], most) {
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((times) => times * power >= least * 0.9999) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return Array.from({ length: count }, (_, at) => (first + at) * step);
}

export class PlanarAxes {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.root = document.createElementNS(SVG, "svg");
    this.root.classList.add("embviz-axes");
    this.root.setAttribute("aria-hidden", "true");
    stage.append(this.root);
  }

  /** @param {import("./plain_plot.js").PlainPlot} plot whose axes are drawn; none where axes have no titles */
  show(plot) {
    const { scene } = plot;
    const [frame, ranges] = [plot.frame(), plot.ranges()];
    if (plot.box || !scene.axes.length) return this.root.replaceChildren();
    const { scale, shift } = planarPlacement(ranges, frame);
    const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
    const xs = scene.scaled ? ticksOf(ranges.x, frame.width / APART) : [];
    const ys = scene.scaled ? ticksOf(ranges.y, frame.height / APART) : [];
    const middle = { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
    this.root.replaceChildren(
      ...xs.flatMap((value) => {
        const x = value * scale[0] + shift[0];
        return [line(x, frame.top, x, bottom), text(said(value), x, bottom + 15)];
      }),
      ...ys.flatMap((value) => {
        const y = value * scale[1] + shift[1];
        return [line(frame.left, y, right, y), text(said(value), frame.left - 6, y + 4, "end")];
      }),
      text(scene.axes[0] ?? "", middle.x, bottom + 34),
      text(scene.axes[1] ?? "", 14, middle.y, "middle", `rotate(-90 14 ${middle.y})`),
    );
  }
}

const said = (/** @type {number} */ value) => figure(value).replace("-", "−");

/** @type {(x1: number, y1: number, x2: number, y2: number) => Element} */
const line = (x1, y1, x2, y2) => made("line", { x1, y1, x2, y2 });

/** @type {(content: string, x: number, y: number, anchor?: string, transform?: string) => Element} */
const text = (content, x, y, anchor = "middle", transform = "") => {
  const element = made("text", { x, y, "text-anchor": anchor, transform });
  element.textContent = content;
  return element;
};

/** @type {(name: string, attributes: Record<string, string | number>) => Element} */
const made = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
};
