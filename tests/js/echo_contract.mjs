/** Reads all that Python sends to the page as JSON on stdin; writes what the page makes of it, and what it would answer. */

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { wishesIn } from "../../embviz/ui/frontend/run/steer.js";
import { codesIn, decodeColoring, decodeColors, paletteOf, valueName } from "../../embviz/ui/frontend/state/coloring.js";
import { FocusKeeper } from "../../embviz/ui/frontend/state/focus.js";
import { decodeCoords, decodeFrames, decodeIdSet, decodeImages, decodeItems, decodeLines, decodeNews, encodeIdSet, RUN_STATES } from "../../embviz/ui/frontend/state/protocol.js";
import { faultsOf, typedefsIn } from "./typedefs.mjs";

/** @typedef {import("../../embviz/ui/frontend/state/messages.js").ColoringMessage} ColoringMessage */

/**
 * @typedef {object} Sent bodies are base64
 * @property {{type: string, message: unknown}[]} messages
 * @property {{items: string, coords: string, count: number, dims: number, colorings: {message: ColoringMessage, body: string}[], colors: string[], lines: string, images: string[], imageSize: number} | null} arrays
 * @property {{news: string[], frames: string, frame: string, count: number, dims: number} | null} run
 * @property {{focus: import("../../embviz/ui/frontend/state/messages.js").FocusMessage, ids: number[], idLimit: number} | null} focus
 * @property {{text: string, idLimit: number}[]} idSets
 */

/** @param {string} base64 */
const bytes = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;

/**
 * @param {ColoringMessage} message
 * @param {string} body
 * @param {number} count
 */
function coloringRead(message, body, count) {
  const decoded = decodeColoring(message, bytes(body), count);
  const palette = paletteOf(message, [], ({ light }) => [1, 3, 5].map((at) => parseInt(light.slice(at, at + 2), 16)));
  const rows = Array.from({ length: count }, (_, row) => row);
  return {
    codes: [...decoded.codes],
    names: rows.map((row) => valueName(message, decoded, row)),
    colors: rows.map((row) => palette[decoded.shades[row]]),
    codesIn: codesIn(message),
  };
}

/** @param {NonNullable<Sent["arrays"]>} sent */
function arraysRead({ items, coords, count, dims, colorings, colors, lines, images, imageSize }) {
  const { ids, labels, predictions, rowOf } = decodeItems(bytes(items));
  return {
    ids: [...ids],
    labels: [...labels],
    predictions: [...predictions],
    rows: [...ids].map((id) => rowOf.get(id)),
    coords: [...decodeCoords(bytes(coords), count, dims)],
    colorings: colorings.map(({ message, body }) => coloringRead(message, body, count)),
    colors: colors.map((body) => {
      const { coloring, content } = decodeColors(bytes(body));
      return { coloring, content: Buffer.from(content).toString("base64") };
    }),
    lines: [...decodeLines(bytes(lines), rowOf)],
    images: images.flatMap((part) => decodeImages(bytes(part), imageSize)).map(([id, pixels]) => [id, [...pixels]]),
  };
}

/** @param {NonNullable<Sent["run"]>} sent */
function runRead({ news, frames, frame, count, dims }) {
  const read = news.map((body) => decodeNews(bytes(body), count, dims));
  return {
    news: read.map(({ coords, ...header }) => ({ ...header, coords: coords && [...coords] })),
    frames: decodeFrames(bytes(frames)),
    frame: [...decodeCoords(bytes(frame), count, dims)],
  };
}

/**
 * What is told when items are pinned, selected and compared, and some of that is let go or undone.
 * @param {NonNullable<Sent["focus"]>} sent
 */
function focusTold({ focus, ids, idLimit }) {
  const keeper = new FocusKeeper(focus);
  /** @type {typeof focus[]} */
  const told = [];
  keeper.onChange = (now) => told.push(now);
  keeper.change({ pinned: ids[0] });
  keeper.change({ selected: encodeIdSet(ids, idLimit) });
  keeper.change({ pair: [ids[0], ids[1]] });
  keeper.letGo(true);
  keeper.letGo(false);
  keeper.undo();
  return told;
}

/** @type {Sent} */
const sent = JSON.parse(await text(process.stdin));
const typedefs = typedefsIn(await readFile(new URL("../../embviz/ui/frontend/state/messages.js", import.meta.url), "utf8"));
const read = {
  typedefs: Object.fromEntries([...typedefs].map(([name, fields]) => [name, Object.fromEntries(fields)])),
  faults: sent.messages.map(({ type, message }) => faultsOf(message, type, typedefs)),
  arrays: sent.arrays && arraysRead(sent.arrays),
  run: sent.run && runRead(sent.run),
  states: RUN_STATES,
  wishes: RUN_STATES.flatMap((state) => wishesIn({ state, unit: "step", more: 1 })).map(({ wish }) => wish),
  told: sent.focus && focusTold(sent.focus),
  idSets: sent.idSets.map(({ text: set, idLimit }) => {
    const decoded = decodeIdSet(set);
    return { ids: [...decoded], encoded: encodeIdSet(decoded, idLimit) };
  }),
};
console.log(JSON.stringify(read));
