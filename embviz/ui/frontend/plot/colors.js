/** The colors of the rows shown, for the page's theme, light or dark. */

import { paletteOf, valueName } from "../state/coloring.js";
import { colorOn, rgb } from "../state/theme.js";

export class Colors {
  /**
   * @param {import("../state/messages.js").ColoringMessage | null} message null: all rows look the same
   * @param {import("../state/coloring.js").Coloring} coloring
   * @param {import("../state/theme.js").Theme} theme
   */
  constructor(message, coloring, theme) {
    this.message = message;
    this.coloring = coloring;
    this.theme = theme;
    /** r, g, b of each shade. */
    this.palette = paletteOf(message, rgb(theme.accent), (color) => rgb(colorOn(color, theme)));
  }

  /**
   * @param {number} row
   * @returns {string} for a style sheet; where all rows look the same the color says nothing
   */
  of(row) {
    return this.message ? `rgb(${this.palette[this.coloring.shades[row]].join(" ")})` : "transparent";
  }

  /**
   * @param {number} row
   * @returns {string} what its color means; empty where the tooltip says that anyway
   */
  fact(row) {
    return this.message?.isTold ? `${this.message.name}: ${valueName(this.message, this.coloring, row)}` : "";
  }

  /**
   * Entries of the legend that some of these rows belong to.
   * @param {(row: number) => boolean} isOne
   * @returns {Set<number>} their codes
   */
  codesWhere(isOne) {
    return new Set(this.coloring.codes.filter((_, row) => isOne(row)));
  }
}
