/** Drawing of items' pictures instead of their points, from one texture, on the canvas of the points. */

import { atlasLayout, reduced } from "./atlas_layout.js";

const SLICE_MILLISECONDS = 12; // time after which filling the texture makes way for the page

const VERTEX = `#version 300 es
uniform vec2 room; // CSS pixels of the canvas
uniform float pixelRatio;
in vec2 place; // CSS pixels from the top left
in float side;
in float tile;
in vec3 color;
flat out float image;
flat out float pixels;
flat out vec3 ink;
void main() {
  gl_Position = vec4(place.x / room.x * 2.0 - 1.0, 1.0 - place.y / room.y * 2.0, 0.0, 1.0);
  gl_PointSize = side * pixelRatio;
  image = tile;
  pixels = side;
  ink = color;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform highp sampler2D atlas;
uniform vec4 grid; // columns, lines, width and height of one image
uniform vec3 ground;
uniform bool isGray;
flat in float image;
flat in float pixels;
flat in vec3 ink;
out vec4 fragment;
void main() {
  vec2 size = grid.zw / max(grid.z, grid.w); // share of the square that the image takes
  vec2 at = (gl_PointCoord - 0.5) / size + 0.5;
  if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) discard;
  vec2 margin = 0.5 / grid.zw; // so that nothing of the image beside it is mixed in
  vec2 first = vec2(mod(image, grid.x), floor(image / grid.x));
  vec4 texel = texture(atlas, (first + clamp(at, margin, 1.0 - margin)) / grid.xy);
  vec2 edge = min(at, 1.0 - at) * size * pixels;
  bool isEdge = min(edge.x, edge.y) < 1.5;
  if (isGray) fragment = vec4(mix(ground, ink, texel.r), 1.0);
  else fragment = vec4(isEdge ? ink : texel.rgb, 1.0);
}`;

/** @typedef {{row: number, x: number, y: number, side: number}} Placed */

export class ImagePoints {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {(gl: WebGL2RenderingContext, vertex: string, fragment: string) => WebGLProgram} linked makes a program
   */
  constructor(gl, linked) {
    this.gl = gl;
    this.program = linked(gl, VERTEX, FRAGMENT);
    this.array = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    this.texture = gl.createTexture();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    let offset = 0;
    for (const [name, length] of /** @type {[string, number][]} */ ([["place", 2], ["side", 1], ["tile", 1], ["color", 3]])) {
      const location = gl.getAttribLocation(this.program, name);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, length, gl.FLOAT, false, 28, offset);
      offset += 4 * length;
    }
    gl.bindVertexArray(null);
    this.uniforms = Object.fromEntries(
      ["room", "pixelRatio", "atlas", "grid", "ground", "isGray"].map((name) => [name, gl.getUniformLocation(this.program, name)]),
    );
    /** @type {import("./atlas_layout.js").AtlasLayout | null} */
    this.layout = null;
    this.isGray = true;
    /** Revision of the images that the texture holds, or is being filled with; empty for none. */
    this.filled = "";
    this.isReady = false;
  }

  /**
   * Fill the texture with the images of all rows, once; between slices the page can draw.
   * @param {import("../state/images.js").Images} images
   * @param {Int32Array} ids of the rows
   * @param {string} revision of the rows
   */
  async fill(images, ids, revision) {
    const wanted = `${images.address.revision} ${revision}`;
    if (wanted === this.filled || !ids.length) return;
    this.forget();
    this.filled = wanted;
    const { gl, texture } = this;
    try {
      await images.all;
    } catch (error) {
      if (this.texture === texture) this.forget(); // so that the next call tries again
      throw error;
    }
    if (this.texture !== texture) return; // it has been dropped
    const { address } = images;
    const layout = atlasLayout(ids.length, address, gl.getParameter(gl.MAX_TEXTURE_SIZE));
    const { channels } = address;
    const [stored, format] = channels === 1 ? [gl.R8, gl.RED] : [gl.RGB8, gl.RGB];
    const line = new Uint8Array(layout.columns * layout.width * layout.height * channels);
    const stride = layout.columns * layout.width * channels;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, stored, layout.columns * layout.width, layout.lines * layout.height);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST); // as all images of the page are enlarged
    let began = performance.now();
    for (let at = 0; at < layout.lines; at++) {
      for (let column = 0; column < layout.columns; column++) {
        const pixels = images.pixels.get(ids[at * layout.columns + column]);
        if (!pixels) continue;
        const small = reduced(pixels, address, layout);
        const across = layout.width * channels;
        for (let y = 0; y < layout.height; y++) {
          line.set(small.subarray(y * across, (y + 1) * across), y * stride + column * across);
        }
      }
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, at * layout.height, layout.columns * layout.width, layout.height, format, gl.UNSIGNED_BYTE, line);
      if (performance.now() - began > SLICE_MILLISECONDS) {
        await new Promise((resolve) => setTimeout(resolve));
        if (this.texture !== texture) return;
        began = performance.now();
      }
    }
    [this.layout, this.isGray, this.isReady] = [layout, channels === 1, true];
  }

  /** Drop the texture, because other images are to be filled in, or none are drawn any more. */
  forget() {
    this.gl.deleteTexture(this.texture);
    this.texture = this.gl.createTexture();
    [this.filled, this.isReady] = ["", false];
  }

  /**
   * @param {Placed[]} placed in the order of drawing
   * @param {Uint8Array} colors of all rows, n × 4
   * @param {number[]} ground color of the page, r, g, b
   * @param {{width: number, height: number}} room
   * @param {number} ratio pixels of the canvas per CSS pixel
   */
  draw(placed, colors, ground, room, ratio) {
    const { gl, layout, uniforms } = this;
    if (!layout || !placed.length) return;
    const values = new Float32Array(placed.length * 7);
    placed.forEach(({ row, x, y, side }, at) => {
      const [red, green, blue] = colors.subarray(row * 4, row * 4 + 3);
      values.set([x, y, side, row, red / 255, green / 255, blue / 255], at * 7);
    });
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform2f(uniforms.room, room.width, room.height);
    gl.uniform1f(uniforms.pixelRatio, ratio);
    gl.uniform1i(uniforms.atlas, 0);
    gl.uniform4f(uniforms.grid, layout.columns, layout.lines, layout.width, layout.height);
    gl.uniform3f(uniforms.ground, ground[0] / 255, ground[1] / 255, ground[2] / 255);
    gl.uniform1i(uniforms.isGray, this.isGray ? 1 : 0);
    gl.disable(gl.DEPTH_TEST);
    gl.drawArrays(gl.POINTS, 0, placed.length);
    gl.bindVertexArray(null);
  }
}
