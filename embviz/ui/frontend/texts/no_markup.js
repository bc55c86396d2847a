/** Texts for Plotly. Pure. */

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * A text as Plotly must be given it to draw it as it is: Plotly reads `<b>`, `<a href=…>` and `&nbsp;` as markup.
 * @param {string} text of any file; line breaks become spaces
 */
export function plotlyText(text) {
  return text.replace(/\s*[\r\n]\s*/g, " ").replace(/[&<>]/g, (sign) => ENTITIES[sign]);
}
