/** Our copy of plotly.js, loaded once, beside the copy that Streamlit may have loaded. */

/** Plotly's configuration of our plots. */
export const CONFIG = {
  displayModeBar: false,
  scrollZoom: true,
  doubleClick: false,
  showSendToCloud: false,
  responsive: false,
  typesetMath: false, // texts between dollar signs are texts
  plotGlPixelRatio: window.devicePixelRatio || 1, // Plotly's default of 2 paints four times the pixels for a few axis lines
};

/** @type {Promise<any> | undefined} */
let library;

/**
 * Our copy of plotly.js; `window.Plotly` stays as it was before if Streamlit has set it.
 * @param {string} url of plotly.min.js, which sets `window.Plotly`
 * @returns {Promise<any>}
 */
export function loadPlotly(url) {
  library ??= (async () => {
    const before = /** @type {any} */ (window).Plotly; // Streamlit's own copy, if it has loaded one
    await import(url);
    const plotly = /** @type {any} */ (window).Plotly;
    if (before) /** @type {any} */ (window).Plotly = before;
    return plotly;
  })();
  return library;
}

/**
 * Remove what Plotly has drawn, but not our own canvas of points.
 * @param {any} plotly
 * @param {HTMLElement} graph
 */
export function purge(plotly, graph) {
  const canvases = [...graph.querySelectorAll("canvas")].filter((canvas) => canvas.className !== "embviz-points");
  plotly.purge(graph);
  for (const canvas of canvases) {
    const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
    context?.getExtension("WEBGL_lose_context")?.loseContext(); // purge keeps the context, and a browser allows only 16
  }
}
