/** The points, drawn on a WebGL2 canvas inside Plotly's container, because Plotly's own scatter is 10 times slower. */

import { thinned } from "../crowd/thinning.js";
import { ImagePoints } from "../images/image_points.js";
import { LineLayer } from "../lines/line_layer.js";

const VERTEX = `#version 300 es
uniform mat4 matrix;
uniform float pixelRatio;
uniform float diameter;
uniform float eyeDistance; // of the middle of the data; 0 in 2-D
in vec3 position;
in vec4 color;
out vec4 discColor;
void main() {
  gl_Position = matrix * vec4(position, 1.0);
  float nearness = eyeDistance > 0.0 ? clamp(eyeDistance / gl_Position.w, 0.6, 1.8) : 1.0;
  gl_PointSize = diameter * nearness * pixelRatio;
  discColor = color;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
uniform vec4 outline; // color, and opacity: 0 draws none
uniform float outlineWidth; // in pixels of the canvas
uniform float opacity;
in vec4 discColor;
out vec4 fragment;
void main() {
  float radius = length(gl_PointCoord - 0.5) * 2.0;
  float edge = fwidth(radius);
  float alpha = 1.0 - smoothstep(1.0 - edge, 1.0, radius);
  if (alpha < 0.35) discard;
  float ring = outline.a * smoothstep(1.0 - (outlineWidth + 1.0) * edge, 1.0 - outlineWidth * edge, radius);
  fragment = vec4(mix(discColor.rgb, outline.rgb, ring), 1.0) * mix(discColor.a, 1.0, ring) * alpha * opacity;
}`;

/** Factor by which points in front are enlarged when they are to stand out. */
export const EMPHASIS = 1.6;

/**
 * The factor by which a disc is enlarged for its distance from the eye; the vertex shader computes the same.
 * @param {number} eyeDistance of the middle of the data, 0 in 2-D
 * @param {number} depth distance of the disc from the eye
 */
export function nearness(eyeDistance, depth) {
  return eyeDistance > 0 ? Math.min(1.8, Math.max(0.6, eyeDistance / depth)) : 1;
}

/**
 * The diameter of a point in CSS pixels: small for many points, so that they do not cover each other, and large for few.
 * @param {number} n number of points
 */
export function diameterFor(n) {
  return Math.min(9, Math.max(3, 50 / n ** 0.25));
}

/** @returns {boolean} whether this browser can draw with WebGL2 */
export function hasWebGL2() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/**
 * The compiled shaders and empty buffers of a canvas's WebGL2 context.
 * @param {HTMLCanvasElement} canvas
 */
function discProgram(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
  if (!gl) throw new Error("this browser has no WebGL2");
  const program = linked(gl, VERTEX, FRAGMENT);
  gl.useProgram(program);
  const [position, color] = [gl.getAttribLocation(program, "position"), gl.getAttribLocation(program, "color")];
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.enableVertexAttribArray(position);
  gl.enableVertexAttribArray(color);
  const uniforms = ["matrix", "pixelRatio", "diameter", "eyeDistance", "outline", "outlineWidth", "opacity"];
  return {
    gl,
    program,
    uniforms: Object.fromEntries(uniforms.map((name) => [name, gl.getUniformLocation(program, name)])),
    position,
    color,
    coordBuffer: gl.createBuffer(),
    colorBuffer: gl.createBuffer(),
    orderBuffer: gl.createBuffer(),
  };
}

/**
 * A program of two shaders.
 * @param {WebGL2RenderingContext} gl
 * @param {string} vertex
 * @param {string} fragment
 */
function linked(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [type, source] of /** @type {[number, string][]} */ ([
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(type));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`a shader does not link: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}

/** A canvas that draws points as discs; it knows only positions, colors and the order of drawing. */
export class PointLayer {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "embviz-points";
    this.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.program = discProgram(this.canvas);
      this.images = new ImagePoints(this.program.gl, linked);
      this.lines = new LineLayer(this.program.gl, linked);
      this.placed = null;
      this.onRestored();
    });
    /** Called when the browser has given a lost context back; all buffers are then empty. */
    this.onRestored = () => {};
    this.program = discProgram(this.canvas);
    /** Draws pictures in the place of points. */
    this.images = new ImagePoints(this.program.gl, linked);
    /** Draws lines between points, below them. */
    this.lines = new LineLayer(this.program.gl, linked);
    this.dims = 2;
    /** The coordinates that the points have. @type {Float32Array | null} */
    this.placed = null;
    /** @type {[number, number] | null} number of rows behind and in front; null before the first `setColors` */
    this.counts = null;
  }

  /**
   * Put points, and the lines between them, in their places.
   * @param {Float32Array} coords n × dims
   * @param {number} dims 2 or 3
   */
  setCoords(coords, dims) {
    const { gl, coordBuffer, position } = this.program;
    [this.dims, this.placed] = [dims, coords];
    gl.bindBuffer(gl.ARRAY_BUFFER, coordBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, coords, gl.DYNAMIC_DRAW);
    gl.vertexAttribPointer(position, dims, gl.FLOAT, false, 0, 0);
    this.lines.move(coords, dims);
  }

  /**
   * @param {Uint8Array} colors n × 4, red green blue opacity
   * @param {Uint32Array} behind rows drawn first, in this order
   * @param {Uint32Array} front rows drawn after these and above them, whatever their depth
   */
  setColors(colors, behind, front) {
    const { gl, colorBuffer, orderBuffer, color } = this.program;
    gl.bindBuffer(gl.ARRAY_BUFFER, colorBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, colors, gl.STATIC_DRAW);
    gl.vertexAttribPointer(color, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    const order = new Uint32Array(behind.length + front.length);
    order.set(behind);
    order.set(front, behind.length);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, orderBuffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.STATIC_DRAW);
    this.counts = [behind.length, front.length];
  }

  /** @returns {number} rows that are drawn, behind and in front */
  get count() {
    return this.counts ? this.counts[0] + this.counts[1] : 0;
  }

  /**
   * @param {import("../crowd/crowd.js").Discs} drawing
   * @param {number} [most] points; of more a sample is drawn
   */
  draw(drawing, most = Infinity) {
    this.begin(drawing);
    if (!this.counts) return;
    const [behind, front] = thinned(this.counts, most);
    this.discs(drawing, 0, behind);
    this.discs(drawing, this.counts[0], this.counts[0] + front);
  }

  /**
   * Clear the picture, and draw the lines, below all points.
   * @param {import("../crowd/crowd.js").Discs} drawing
   */
  begin({ view, look: { opacity, lines } }) {
    const { canvas } = this;
    const { gl } = this.program;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    gl.viewport(0, 0, width, height);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (!this.counts) return;
    const { left, top, width: frameWidth, height: frameHeight } = view.frame;
    gl.enable(gl.SCISSOR_TEST); // nothing is drawn over the axes
    gl.scissor(left * ratio, height - (top + frameHeight) * ratio, frameWidth * ratio, frameHeight * ratio);
    if (lines) this.lines.draw(view.matrix, { width, height }, ratio, opacity);
  }

  /**
   * Draw some of the rows behind and in front, over what is drawn already. Points in front are above those behind.
   * @param {import("../crowd/crowd.js").Discs} drawing its outline is drawn around points in front, which are then enlarged
   * @param {number} from place of the first in the order of drawing
   * @param {number} to place after the last
   */
  discs({ view, usual, outline, look: { size, opacity } }, from, to) {
    const { gl, program, uniforms } = this.program;
    const [diameter, ratio] = [usual * size, window.devicePixelRatio || 1];
    gl.useProgram(program);
    gl.uniformMatrix4fv(uniforms.matrix, false, view.matrix);
    gl.uniform1f(uniforms.pixelRatio, ratio);
    gl.uniform1f(uniforms.diameter, diameter);
    gl.uniform1f(uniforms.eyeDistance, view.eyeDistance);
    gl.uniform1f(uniforms.opacity, opacity);
    if (this.dims === 3 && opacity === 1) gl.enable(gl.DEPTH_TEST); // what can be seen through hides nothing
    else gl.disable(gl.DEPTH_TEST);
    const behind = this.counts?.[0] ?? 0;
    gl.uniform4f(uniforms.outline, 0, 0, 0, 0);
    if (from < behind) gl.drawElements(gl.POINTS, Math.min(to, behind) - from, gl.UNSIGNED_INT, from * 4);
    if (to <= behind) return;
    const first = Math.max(from, behind);
    if (first === behind) gl.clear(gl.DEPTH_BUFFER_BIT);
    if (outline) {
      gl.uniform1f(uniforms.diameter, diameter * EMPHASIS);
      gl.uniform1f(uniforms.outlineWidth, 0.6 * ratio);
      gl.uniform4f(uniforms.outline, outline[0] / 255, outline[1] / 255, outline[2] / 255, 0.6);
    }
    gl.drawElements(gl.POINTS, to - first, gl.UNSIGNED_INT, first * 4);
  }

  /** Remove the canvas and give its context back to the browser, which allows only 16. */
  destroy() {
    this.canvas.remove();
    this.program.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
