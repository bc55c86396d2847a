/** Two histograms over one line. Pure. */

/**
 * @typedef {object} Histograms
 * @property {number} low where the first bin begins
 * @property {number} high where the last one ends
 * @property {number[][]} counts of each of the two classes, by bin
 */

/**
 * Count the scores of two classes in bins of one width; 0 is the border between two bins.
 * @param {Float32Array} scores
 * @param {Int32Array} sides 0 or 1, the class of each
 * @param {number} bins how many about
 * @returns {Histograms}
 */
export function histograms(scores, sides, bins) {
  const low = Math.min(0, scores.reduce((least, score) => Math.min(least, score), Infinity));
  const high = Math.max(0, scores.reduce((most, score) => Math.max(most, score), -Infinity));
  const width = (high - low || 1) / bins;
  const [below, above] = [Math.ceil(-low / width), Math.max(1, Math.ceil(high / width))];
  const counts = [0, 1].map(() => Array(below + above).fill(0));
  scores.forEach((score, at) => {
    const bin = Math.floor(score / width) + below;
    counts[sides[at]][Math.min(below + above - 1, Math.max(0, bin))] += 1;
  });
  return { low: -below * width, high: above * width, counts };
}
