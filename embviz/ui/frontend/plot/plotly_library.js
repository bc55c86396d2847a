/** Our copy of plotly.js, loaded once, beside the copy that Streamlit may have loaded. */

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
