/** Printing of the plot: it keeps its size on the screen, and is scaled as a whole to fit the sheet. */

const SHEET = { width: 1000, height: 610 }; // room in CSS pixels below the title on A4 and on Letter, landscape

/**
 * The factor by which a plot is scaled so that it just fits the sheet. Pure.
 * @param {{width: number, height: number}} size
 */
export function paperZoom({ width, height }) {
  return Math.min(SHEET.width / width, SHEET.height / height);
}

/**
 * Fix the plot's size before printing, because axes and points would not follow the sheet's size in time.
 * @param {HTMLElement} host
 * @param {() => HTMLElement | null} copied makes the copy of the points that is printed
 * @returns {() => void} removes the listeners
 */
export function fitPaper(host, copied) {
  /** @type {HTMLElement | null} */
  let copy = null;
  const before = () => {
    const { width, height } = host.getBoundingClientRect();
    host.style.setProperty("--embviz-paper-width", `${width}px`);
    host.style.setProperty("--embviz-paper-height", `${height}px`);
    host.style.setProperty("--embviz-paper-zoom", String(paperZoom({ width, height })));
    copy?.remove();
    copy = copied();
  };
  const after = () => copy?.remove();
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  return () => {
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  };
}
