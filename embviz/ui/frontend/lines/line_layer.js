/** Draws the lines between items as thin strips, all by one call, on the canvas of the points and below them. */

import { CORNERS, endsOf, toCorners, triangles } from "./drawn_lines.js";

const WIDTH = 1.25; // CSS pixels
const OPACITY = 0.75; // so that the points stand out

const VERTEX = `#version 300 es
uniform mat4 matrix;
uniform vec2 room; // pixels of the canvas
uniform float reach; // pixels from the middle of a line to where nothing of it is left
in vec3 begin;
in vec3 end;
in vec4 color;
out vec4 ink;
out float aside; // pixels from the middle of the line
const float NEAREST = 0.01; // to the eye
void main() {
  vec4 a = matrix * vec4(begin, 1.0);
  vec4 b = matrix * vec4(end, 1.0);
  ink = color;
  aside = gl_VertexID % 2 == 0 ? reach : -reach;
  if (a.w < NEAREST && b.w < NEAREST) {
    gl_Position = vec4(0.0, 0.0, 2.0, 1.0); // behind the eye: not drawn
    return;
  }
  if (a.w < NEAREST) a = mix(b, a, (b.w - NEAREST) / (b.w - a.w));
  if (b.w < NEAREST) b = mix(a, b, (a.w - NEAREST) / (a.w - b.w));
  vec3 first = a.xyz / a.w;
  vec3 last = b.xyz / b.w;
  vec2 along = (last.xy - first.xy) * room;
  vec2 across = length(along) > 0.0 ? vec2(-along.y, along.x) / length(along) : vec2(0.0);
  gl_Position = vec4(gl_VertexID % 4 < 2 ? first : last, 1.0);
  gl_Position.xy += across * aside * 2.0 / room;
}`;

const FRAGMENT = `#version 300 es
precision highp float; // as above, because both shaders have the reach
uniform float reach;
uniform float opacity;
in vec4 ink;
in float aside;
out vec4 fragment;
void main() {
  fragment = vec4(ink.rgb, 1.0) * ink.a * opacity * clamp(reach - abs(aside), 0.0, 1.0);
}`;

export class LineLayer {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {(gl: WebGL2RenderingContext, vertex: string, fragment: string) => WebGLProgram} linked makes a program
   */
  constructor(gl, linked) {
    this.gl = gl;
    this.program = linked(gl, VERTEX, FRAGMENT);
    this.array = gl.createVertexArray();
    this.endBuffer = gl.createBuffer();
    this.colorBuffer = gl.createBuffer();
    this.triangleBuffer = gl.createBuffer();
    const names = ["matrix", "room", "reach", "opacity"];
    this.uniforms = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(this.program, name)]));
    /** The two rows of each line. @type {Uint32Array} */
    this.rows = new Uint32Array(0);
    gl.bindVertexArray(this.array);
    for (const name of ["begin", "end", "color"]) gl.enableVertexAttribArray(this.#attribute(name));
    gl.bindVertexArray(null);
  }

  #attribute(/** @type {string} */ name) {
    return this.gl.getAttribLocation(this.program, name);
  }

  /** @param {import("./drawn_lines.js").DrawnLines} lines which are drawn once they have been moved to their points */
  show({ rows, colors }) {
    const { gl } = this;
    this.rows = rows;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colorBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, toCorners(colors, 4, new Uint8Array(colors.length * CORNERS)), gl.STATIC_DRAW);
    gl.vertexAttribPointer(this.#attribute("color"), 4, gl.UNSIGNED_BYTE, true, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.triangleBuffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles(rows.length / 2), gl.STATIC_DRAW);
    gl.bindVertexArray(null);
  }

  /**
   * Move lines to their points.
   * @param {Float32Array} coords n × dims, of the rows
   * @param {number} dims 2 or 3
   */
  move(coords, dims) {
    const { gl, rows } = this;
    if (!rows.length) return;
    const ends = endsOf(rows, coords, dims);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.endBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, toCorners(ends, dims * 2, new Float32Array(ends.length * CORNERS)), gl.DYNAMIC_DRAW);
    gl.vertexAttribPointer(this.#attribute("begin"), dims, gl.FLOAT, false, dims * 8, 0);
    gl.vertexAttribPointer(this.#attribute("end"), dims, gl.FLOAT, false, dims * 8, dims * 4);
    gl.bindVertexArray(null);
  }

  /**
   * @param {Float32Array} matrix from coordinates to clip space
   * @param {{width: number, height: number}} room pixels of the canvas
   * @param {number} ratio pixels of the canvas per CSS pixel
   * @param {number} opacity of the points, 0 to 1
   */
  draw(matrix, room, ratio, opacity) {
    const { gl, uniforms, rows } = this;
    if (!rows.length) return;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    gl.uniformMatrix4fv(uniforms.matrix, false, matrix);
    gl.uniform2f(uniforms.room, room.width, room.height);
    gl.uniform1f(uniforms.reach, (WIDTH * ratio + 1) / 2); // half a pixel more, for a smooth edge
    gl.uniform1f(uniforms.opacity, opacity * OPACITY);
    gl.disable(gl.DEPTH_TEST);
    gl.drawElements(gl.TRIANGLES, rows.length * 3, gl.UNSIGNED_INT, 0); // instances take ten times as long without a GPU
    gl.bindVertexArray(null);
  }
}
