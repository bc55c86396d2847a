/** The copy of plotly.js that is ours: loaded once, beside the one that Streamlit may have loaded. */

/** @type {Promise<any> | undefined} */
let library;

/**
 * @param {string} url of plotly.min.js, which sets `window.Plotly`
 * @returns {Promise<any>}
 */
export function loadPlotly(url) {
  library ??= (async () => {
    const before = /** @type {any} */ (window).Plotly; // Streamlit has a copy of its own
    await import(url);
    const plotly = /** @type {any} */ (window).Plotly;
    if (before) /** @type {any} */ (window).Plotly = before;
    return plotly;
  })();
  return library;
}
