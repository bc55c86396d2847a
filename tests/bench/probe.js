/** Records what a page does while the benchmark sends it events. Runs in every frame before the page's own scripts. */

/**
 * @typedef {object} Recording
 * @property {number} began ms since the page was opened
 * @property {number[]} latencies ms from a pointer event to the item being shown
 * @property {number} frames animation frames
 * @property {number} draws times the page drew its points
 */

(() => {
  /** The first element of this tag, also inside open shadow roots. */
  const deepFind = (/** @type {ParentNode} */ root, /** @type {string} */ tag) => {
    const found = root.querySelector(tag);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && deepFind(element.shadowRoot, tag);
      if (inside) return inside;
    }
    return null;
  };

  const wrap = (/** @type {any} */ owner, /** @type {string} */ name, /** @type {() => void} */ after) => {
    const original = owner[name];
    owner[name] = function (/** @type {any[]} */ ...given) {
      const result = original?.apply(this, given);
      after();
      return result;
    };
  };

  const oncePerTask = (/** @type {() => void} */ action) => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      queueMicrotask(() => (done = false));
      action();
    };
  };

  /**
   * How each page is read. `mark` names the plot that is painted, or is null before one is; `answers` says whether the
   * page knows then where its items are; `complete` whether the image of every item is there; `canvas` is the canvas
   * of the points; `listen` calls back after the page itself has shown an item or drawn.
   */
  const pages = {
    embviz: {
      host: () => /** @type {any} */ (document.querySelector(".embviz")),
      mark() {
        return this.host()?.dataset.painted ?? null;
      },
      answers() {
        const [first] = this.host().embviz.shownPlaces(1);
        return first !== undefined && first.every(Number.isFinite);
      },
      complete() {
        return this.host().embviz.imagesAreHere();
      },
      canvas() {
        return this.host().querySelector(".embviz-points");
      },
      listen(/** @type {(id: unknown) => void} */ shown, /** @type {() => void} */ drawn) {
        const tooltip = /** @type {HTMLElement} */ (document.querySelector(".embviz-tooltip"));
        const look = () => !tooltip.hidden && (tooltip.dataset.drawn === "true" || tooltip.querySelector("canvas").hidden) && shown(tooltip.dataset.id);
        new MutationObserver(look).observe(tooltip, { attributeFilter: ["data-id"] }); // called after the event handler
        const context = this.canvas().getContext("webgl2");
        const once = oncePerTask(drawn);
        for (const name of ["drawElements", "drawArrays"]) wrap(context, name, once);
      },
    },
    tensorboard: {
      host() {
        return (this.found ??= location.pathname.startsWith("/data/plugin") ? deepFind(document, "vz-projector") : null);
      },
      plot() {
        return this.host().projectorScatterPlotAdapter.scatterPlot;
      },
      mark() {
        const projector = this.host();
        return projector?.projection && this.plot().worldSpacePointPositions?.length ? "all/3/pca" : null;
      },
      answers: () => true,
      complete: () => true,
      canvas() {
        return this.plot().renderer.domElement;
      },
      listen(/** @type {(id: unknown) => void} */ shown, /** @type {() => void} */ drawn) {
        // TensorBoard's own listener is called first, and has then updated the colors and called render().
        this.host().registerHoverListener((/** @type {number | null} */ at) => at !== null && shown(at));
        wrap(this.plot(), "render", drawn);
      },
    },
    plotly: {
      host: () => /** @type {any} */ (document.querySelector("#plot")),
      mark() {
        return this.host()?.dataset.painted ?? null;
      },
      answers: () => true,
      complete: () => true,
      canvas() {
        return this.host().querySelector(".gl-container canvas, canvas");
      },
      listen(/** @type {(id: unknown) => void} */ shown, /** @type {() => void} */ drawn) {
        const plot = this.host();
        plot.on("plotly_hover", (/** @type {any} */ hit) => shown(`${hit.points[0].curveNumber}/${hit.points[0].pointNumber}`));
        wrap(plot._fullLayout.scene._scene.glplot, "onrender", drawn);
      },
    },
  };

  class Probe {
    /** @param {keyof typeof pages} name */
    constructor(name) {
      this.page = /** @type {any} */ (pages[name]);
      this.moved = 0;
      this.clicked = 0;
      this.last = /** @type {unknown} */ (null);
      /** @type {Recording | null} */
      this.recording = null;
      this.listening = false;
      window.addEventListener("pointermove", (event) => (this.moved = event.timeStamp), true);
      window.addEventListener("click", (event) => (this.clicked = event.timeStamp), true);
    }

    /** Tell the benchmark `name` and the time, once: two frames after `look` first returned something true. */
    tell(/** @type {string} */ name, /** @type {() => unknown} */ look) {
      const step = () => {
        if (!look()) return requestAnimationFrame(step);
        const later = () => /** @type {any} */ (window).benchTold(name, performance.timeOrigin + performance.now());
        requestAnimationFrame(() => requestAnimationFrame(later));
      };
      step();
    }

    /** Tell the benchmark when the plot is painted, and when the image of every item is there. */
    watchOpening() {
      this.tell("painted", () => this.page.mark() && this.page.answers());
      this.tell("complete", () => this.page.mark() && this.page.complete());
    }

    /** Tell the benchmark when a plot is painted whose mark has this part. */
    watchChange(/** @type {string} */ part) {
      this.tell("changed", () => this.page.mark()?.includes(part) && this.page.answers());
    }

    box() {
      const { left, top, width, height } = this.page.canvas().getBoundingClientRect();
      return { left, top, width, height, pixels: [this.page.canvas().width, this.page.canvas().height] };
    }

    begin() {
      if (!this.listening) this.page.listen((/** @type {unknown} */ id) => this.#shown(id), () => this.recording && this.recording.draws++);
      this.listening = true;
      this.last = null;
      const recording = { began: performance.now(), latencies: [], frames: 0, draws: 0 };
      this.recording = recording;
      const count = () => {
        if (this.recording !== recording) return;
        recording.frames++;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
    }

    #shown(/** @type {unknown} */ id) {
      if (!this.recording || id === this.last) return;
      this.last = id;
      this.recording.latencies.push(performance.now() - this.moved);
    }

    /** The recording, ended when an item has been shown, or after so many seconds. */
    first(/** @type {number} */ seconds) {
      return new Promise((done) => {
        const look = () => {
          const { began, latencies } = /** @type {Recording} */ (this.recording);
          if (latencies.length || performance.now() - began > seconds * 1000) done(this.end());
          else requestAnimationFrame(look);
        };
        look();
      });
    }

    /** @returns {Recording & {seconds: number}} */
    end() {
      const recording = /** @type {Recording} */ (this.recording);
      this.recording = null;
      return { ...recording, seconds: (performance.now() - recording.began) / 1000 };
    }
  }

  const startProbe = (/** @type {keyof typeof pages} */ name) => {
    const probe = new Probe(name);
    Object.assign(window, { probe });
    probe.watchOpening();
  };
  Object.assign(window, { startProbe });
})();
