/** How many points are drawn while a view moves: as many as this machine can draw in the time of a frame. Pure. */

/** Up to so many points are always drawn all, as any machine draws them while they move. */
export const ALWAYS_WHOLE = 50_000;

const BUDGET = 20; // milliseconds of a frame that drawing points may take while something moves
const LEAST = 10_000; // points that are drawn at least, however slow that is: fewer show no shapes
const TRUST = 0.4; // share that the newest measurement has in the speed

/**
 * The numbers of rows to be drawn of those behind and of those in front, the same share of both. Rows are in a shuffled
 * order, so that the first ones are a sample without bias: of every class the same share, but for chance.
 * @param {[number, number]} counts all rows behind and in front
 * @param {number} most rows to be drawn
 * @returns {[number, number]}
 */
export function thinned([behind, front], most) {
  const all = behind + front;
  if (most >= all) return [behind, front];
  const back = Math.round((most * behind) / all);
  return [back, most - back];
}

/** The speed at which this machine draws points, learned from how long it took. */
export class Pace {
  /** Points per millisecond. */
  #speed = ALWAYS_WHOLE / BUDGET;

  /** @returns {number} points that can be drawn while something moves */
  get fits() {
    return Math.max(LEAST, Math.round(this.#speed * BUDGET));
  }

  /**
   * @param {number} points that were drawn
   * @param {number} milliseconds that it took
   */
  took(points, milliseconds) {
    this.#speed += TRUST * (points / Math.max(1, milliseconds) - this.#speed);
  }
}
