/** The texts that items are labeled with. Pure. */

/**
 * Decode the texts that items are labeled with: the end of each one as int32, then all of them as UTF-8.
 * @param {ArrayBuffer} buffer
 * @param {number} n expected texts
 * @returns {string[]}
 */
export function decodeTexts(buffer, n) {
  const ends = new Int32Array(buffer, 0, n);
  const bytes = new Uint8Array(buffer, 4 * n);
  if (bytes.length !== (ends.at(-1) ?? 0)) throw new Error(`labels: expected ${ends.at(-1) ?? 0} bytes of text, got ${bytes.length}`);
  const decoder = new TextDecoder();
  return Array.from(ends, (end, at) => decoder.decode(bytes.subarray(at ? ends[at - 1] : 0, end)));
}
