/** Dates as texts for the page. Pure. */

/** Seconds of a unit, and characters of a date that is told to it. */
const UNITS = { day: [86_400, 10], minute: [60, 16], second: [1, 19] };

/**
 * The nearest day, minute or second in UTC, such as 2024-01-31 12:30.
 * @param {number} seconds since 1970
 * @param {"day" | "minute" | "second"} unit
 */
export function dateText(seconds, unit) {
  const [length, characters] = UNITS[unit];
  return new Date(1000 * length * Math.round(seconds / length)).toISOString().slice(0, characters).replace("T", " ");
}
