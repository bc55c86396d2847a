/** On paper: the plot keeps the size it has on the screen, and is then made as large or small as the sheet lets it be. */

const SHEET = { width: 1000, height: 610 }; // of A4 or Letter, landscape, in CSS pixels, below the title

/**
 * By how much a plot is enlarged, so that it just fits. Pure.
 * @param {{width: number, height: number}} size
 */
export function paperZoom({ width, height }) {
  return Math.min(SHEET.width / width, SHEET.height / height);
}

/**
 * Fix the size before anything is printed: the sheet has another one, and neither axes nor points would follow in time.
 * @param {HTMLElement} host
 * @param {() => HTMLElement | null} copied makes the copy of the points that is printed
 * @returns {() => void} stops it
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
