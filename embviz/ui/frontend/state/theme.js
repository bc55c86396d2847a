/** The page's colors, read from Streamlit's CSS variables. */

/**
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} background
 * @property {number[]} ground color of the background, r, g, b
 * @property {string} text
 * @property {string} border
 * @property {string} accent color of what is chosen, and of points that have no other color
 * @property {string} font
 * @property {number[]} ink text color as r, g, b
 * @property {number[]} dimmed color of items that are not highlighted, r, g, b
 * @property {number[]} outline color of the outline of highlighted items, r, g, b; dark in both themes, so that no color looks lighter
 */

/**
 * The theme in which an element is shown.
 * @param {HTMLElement} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const background = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  const text = style.getPropertyValue("--st-text-color").trim() || "#1b2026";
  const [r, g, b] = rgb(background);
  const dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
  return {
    dark,
    background,
    ground: [r, g, b],
    text,
    accent: style.getPropertyValue("--st-primary-color").trim() || "#2f6fdb",
    border: style.getPropertyValue("--st-border-color").trim() || "#e3e6ea",
    font: style.getPropertyValue("--st-font").trim() || "sans-serif",
    ink: rgb(text),
    outline: dark ? [r, g, b] : rgb(text),
    dimmed: dark ? [0x2d, 0x34, 0x3e] : [0xdf, 0xe3, 0xe8],
  };
}

/**
 * The one of two colors that is for the page's theme.
 * @param {import("./messages.js").ColorMessage} color
 * @param {Pick<Theme, "dark">} theme
 * @returns {string} the one for this page
 */
export function colorOn({ light, dark }, theme) {
  return theme.dark ? dark : light;
}

/**
 * A CSS color as numbers.
 * @param {string} color any CSS color
 * @returns {number[]} r, g, b in 0..255
 */
export function rgb(color) {
  if (/^#[0-9a-f]{6}$/i.test(color)) return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)); // a legend has many
  const context = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  );
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
