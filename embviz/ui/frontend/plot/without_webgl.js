/** The sample that Plotly's own SVG scatter draws if the browser has no WebGL2, and the sentence that says so. Pure. */

import { count } from "../texts/counts.js";

const MOST_POINTS = 3000; // largest sample, because Plotly's SVG scatter draws more of them too slowly

/**
 * The 2-D scene of a sample of the points, and a sentence for the visitor.
 * @param {import("./plot.js").Scene} scene
 * @param {Uint32Array} shown rows that may be drawn, in drawing order; each layer is shuffled, so rows at even steps are a fair sample
 * @param {(row: number) => string} colorOf
 * @returns {{scene: import("./plot.js").Scene, sentence: string}} the sentence is the same whatever is hidden
 */
export function svgScene(scene, shown, colorOf) {
  const step = Math.max(1, shown.length / MOST_POINTS);
  const rows = Uint32Array.from({ length: Math.min(shown.length, MOST_POINTS) }, (_, at) => shown[Math.floor(at * step)]);
  const n = scene.coords.length / scene.dims;
  const flat = new Float32Array(n * 2);
  for (let row = 0; row < n; row++) flat.set(scene.coords.subarray(row * scene.dims, row * scene.dims + 2), row * 2);
  const said = n > MOST_POINTS ? `at most ${count(MOST_POINTS)} of ${count(n)} items are drawn` : "items are drawn by Plotly";
  return {
    scene: { ...scene, coords: flat, dims: 2, svg: { rows, colors: Array.from(rows, colorOf) } },
    sentence: `This browser has no WebGL2: ${said}${scene.dims === 3 ? ", by their first two coordinates" : ""}.`,
  };
}
