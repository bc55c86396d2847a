/** A picture off the screen that is drawn slice by slice, and shown on the canvas when it is ready. */

export class WholePicture {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.buffer = gl.createFramebuffer();
    this.color = gl.createRenderbuffer();
    this.depth = gl.createRenderbuffer();
    this.size = "";
  }

  /** Let the next drawing go here. @param {{width: number, height: number}} canvas whose size the picture has */
  bind({ width, height }) {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffer);
    const size = `${width} ${height}`;
    if (size === this.size) return;
    this.size = size;
    for (const [target, format, place] of /** @type {const} */ ([
      [this.color, gl.RGBA8, gl.COLOR_ATTACHMENT0],
      [this.depth, gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT],
    ])) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, target);
      gl.renderbufferStorage(gl.RENDERBUFFER, format, width, height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, target);
    }
  }

  /** Copy the picture to the canvas. @param {{width: number, height: number}} canvas of the size for which it was bound */
  show({ width, height }) {
    const { gl } = this;
    gl.disable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.enable(gl.SCISSOR_TEST);
  }

  /** Let the next drawing go to the canvas again. */
  release() {
    this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
  }
}
