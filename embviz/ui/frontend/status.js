/** The status of a projector: in the toolbar for visitors, and as attributes of its element for tests and styles. */

import { statusLine } from "./chrome/toolbar.js";

/** @param {import("./projector.js").Projector} projector that has been painted */
export function showStatus(projector) {
  const { request, focus, items, paint, marking, selectedRows, memory, picture, host, lines } = projector;
  const highlighted = (selectedRows && !marking.pair ? null : request.highlighted) ?? []; // as in the drawing
  const isSeen = (/** @type {number} */ code) => paint?.front.some((row) => items.labels[row] === code);
  const status = statusLine({
    selected: selectedRows?.size ?? 0,
    highlighted: highlighted.filter(isSeen).map((code) => request.items.names[code]),
    dimmed: paint?.behind.length ?? 0,
    hidden: items.ids.length - (paint?.shown.length ?? 0),
  });
  const [canTurn, hasSelection] = [picture.drawnDims(request.coords.dims) === 3, selectedRows !== null];
  const hiddenEntries = projector.hiddenCodes().size;
  projector.toolbar.show({ tool: memory.tool, canTurn, status, hasSelection, hiddenEntries, canUndo: focus.canUndo });
  const can = { hasImages: request.images !== null, hasLines: lines.length > 0, hasWebGL2: picture.layer !== null };
  projector.toolbar.look.show(memory.look, can);
  host.dataset.selected = String(selectedRows?.size ?? 0);
  host.dataset.asked = String(request.isAsked);
  host.dataset.link = request.link ?? "";
  host.dataset.pinned = String(focus.now.pinned ?? "");
  host.dataset.held = String(marking.held < 0 ? "" : request.held);
  host.dataset.pair = marking.pairIds?.join(" ") ?? "";
}
