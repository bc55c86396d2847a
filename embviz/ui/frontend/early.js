/** Fetches what the plot needs while the server still puts the page together. */

import { loadPlotly } from "./plotly_library.js";

/**
 * @param {{data: {plotly: string, scripts: string[]}}} component addresses from `base` on
 * @param {string} base where all addresses start
 */
export default function ({ data: { plotly, scripts } }, base) {
  for (const script of scripts) {
    const link = document.createElement("link");
    link.rel = "modulepreload"; // all at once: found one in the other, each would wait for the one before
    link.href = new URL(script, base).href;
    document.head.append(link);
  }
  loadPlotly(new URL(plotly, base).href).catch(() => {}); // the plot says what went wrong
}
