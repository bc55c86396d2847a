/** The parts of the file: arrays that the page would fetch from its server, found at addresses within the file. */

/**
 * The address of a part of this file, valid as long as the file is open.
 * @param {string} name of the part
 * @returns {Promise<string>}
 */
export async function addressOf(name) {
  const written = atob(document.querySelector(`script[data-part="${name}"]`)?.textContent ?? "");
  const packed = new Uint8Array(written.length);
  for (let at = 0; at < written.length; at++) packed[at] = written.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = await new Response(stream).arrayBuffer();
  return URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
}
