/** Reads Python's messages to the page as JSON on stdin; writes them as the page decodes them, and encoded again. */

import { text } from "node:stream/consumers";

import { decodeCoords, decodeIdSet, decodeItems, encodeIdSet } from "../../embviz/ui/frontend/state/protocol.js";

/** @type {{items: string, coords: string, count: number, dims: number, idSets: {text: string, idLimit: number}[]}} */
const sent = JSON.parse(await text(process.stdin));

/** @param {string} base64 */
const bytes = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;

const { ids, codes, predictions, rowOf } = decodeItems(bytes(sent.items));
const read = {
  ids: [...ids],
  codes: [...codes],
  predictions: [...predictions],
  rows: [...ids].map((id) => rowOf.get(id)),
  coords: [...decodeCoords(bytes(sent.coords), sent.count, sent.dims)],
  idSets: sent.idSets.map(({ text: set, idLimit }) => {
    const decoded = decodeIdSet(set);
    return { ids: [...decoded], encoded: encodeIdSet(decoded, idLimit) };
  }),
};
console.log(JSON.stringify(read));
