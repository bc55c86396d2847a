/** The figures that Plotly is told to draw: axes, ranges and camera, but no points (without WebGL2, a sample). Pure. */

import { BOX } from "../maths/box.js";
import { extents, withAir } from "../maths/screen.js";
import { plotlyText } from "../texts/no_markup.js";

/** @type {WeakMap<Float32Array, [number, number][]>} */
const found = new WeakMap();

/**
 * The extents of coordinates, remembered, because a gesture asks in every frame.
 * @param {Float32Array} coords not changed after the first call
 * @param {number} dims
 */
function knownExtents(coords, dims) {
  const before = found.get(coords);
  if (before?.length === dims) return before;
  const now = extents(coords, dims);
  found.set(coords, now);
  return now;
}

/**
 * The range that each axis shows in the home view: all points, or the box of a layout whose axes show no numbers.
 * @param {import("./plot.js").Scene} scene
 * @returns {[number, number][]} one range per axis
 */
function wholeRanges({ coords, dims, scaled }) {
  const ranges = scaled ? knownExtents(coords, dims) : Array.from({ length: dims }, () => BOX);
  return ranges.map((range) => withAir(range));
}

/**
 * The ranges of the home view of a 2-D plot.
 * @param {import("./plot.js").Scene} scene
 */
export function homeRanges(scene) {
  const [x, y] = wholeRanges(scene);
  return { x, y };
}

/**
 * The box into which Plotly scales a 3-D scene and at which its camera looks: ranges, lengths of sides, and placement.
 * @param {import("./plot.js").Scene} scene
 */
export function solidBox(scene) {
  const ranges = wholeRanges(scene);
  const widths = ranges.map(([low, high]) => high - low);
  const unit = Math.cbrt(widths[0] * widths[1] * widths[2]);
  const middle = ranges.map(([low, high]) => (low + high) / 2);
  return { ranges, sides: widths.map((width) => width / unit), scale: widths.map(() => 1 / unit), shift: middle.map((at) => -at / unit) };
}

/**
 * Plotly's settings for any axis; an axis without meaning has no numbers and no grid.
 * @param {import("./plot.js").Scene} scene
 * @param {import("../state/theme.js").Theme} theme
 */
function axis(scene, theme) {
  return {
    color: theme.text,
    gridcolor: theme.border,
    linecolor: theme.border,
    showline: scene.scaled,
    zeroline: false,
    showgrid: scene.scaled,
    showticklabels: scene.scaled,
    ticks: "",
    showspikes: false,
    tickfont: { size: 11 },
  };
}

/**
 * The figure of a 2-D plot, with the ranges that the visitor has chosen before, if any.
 * @param {import("./plot.js").Scene} scene
 * @param {import("../state/theme.js").Theme} theme
 * @param {import("./plot.js").Plot["memory"]} memory
 */
export function planarFigure(scene, theme, memory) {
  const ranges = memory.ranges.get(scene.revision) ?? homeRanges(scene);
  const title = (/** @type {number} */ at) => ({ text: plotlyText(scene.axes[at] ?? ""), font: { size: 12 }, standoff: 4 });
  const trace = { type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip" };
  if (scene.svg) {
    const rows = Array.from(scene.svg.rows);
    const at = (/** @type {number} */ axisIndex) => rows.map((row) => scene.coords[row * scene.dims + axisIndex]);
    Object.assign(trace, { x: at(0), y: at(1), marker: { size: 5, color: scene.svg.colors } });
  }
  const layout = {
    xaxis: { ...axis(scene, theme), title: title(0), range: [...ranges.x] },
    yaxis: { ...axis(scene, theme), title: title(1), range: [...ranges.y], scaleanchor: "x", scaleratio: 1 },
    margin: scene.axes.length ? { l: 52, r: 8, t: 8, b: 44 } : { l: 8, r: 8, t: 8, b: 8 },
    ...common(theme),
  };
  return { data: [trace], layout };
}

/**
 * The figure of a 3-D plot.
 * @param {import("./plot.js").Scene} scene
 * @param {import("../state/theme.js").Theme} theme
 * @param {import("../maths/camera.js").Camera} camera
 */
export function solidFigure(scene, theme, camera) {
  const { ranges, sides } = solidBox(scene);
  const axes = ranges.map((range) => ({
    ...axis(scene, theme),
    title: { text: "" },
    range,
    showbackground: false,
    showgrid: true,
    showline: false,
    showticklabels: false,
  }));
  const [x, y, z] = ranges;
  // Plotly draws no empty scene, so it gets the two corners of the ranges as points too small to see.
  const trace = { type: "scatter3d", mode: "markers", x, y, z, marker: { size: 0.01, opacity: 0 }, hoverinfo: "skip" };
  const layout = {
    scene: {
      xaxis: axes[0],
      yaxis: axes[1],
      zaxis: axes[2],
      aspectmode: "manual",
      aspectratio: { x: sides[0], y: sides[1], z: sides[2] },
      camera: structuredClone(camera),
      dragmode: "orbit",
      hovermode: false,
    },
    margin: { l: 0, r: 0, t: 0, b: 0 },
    ...common(theme),
  };
  return { data: [trace], layout };
}

/**
 * The part of Plotly's layout that 2-D and 3-D have in common.
 * @param {import("../state/theme.js").Theme} theme
 */
function common(theme) {
  return {
    autosize: true,
    showlegend: false,
    hovermode: false,
    spikedistance: 0,
    dragmode: "pan",
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.text },
  };
}

/**
 * The frame in which points of a 2-D plot are drawn, in CSS pixels of the plot.
 * @param {any} full Plotly's layout with all defaults filled in (`_fullLayout`)
 */
export function planarFrame({ xaxis, yaxis }) {
  return { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length };
}
