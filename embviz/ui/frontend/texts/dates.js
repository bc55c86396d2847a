/** Dates as texts for the page. Pure. */

const DAY = 86_400; // seconds

/**
 * A date as 2024-01-31, with the time of day in UTC if it is no whole day.
 * @param {number} seconds since 1970
 * @param {boolean} isDay
 */
export function dateText(seconds, isDay) {
  const rounded = isDay ? Math.round(seconds / DAY) * DAY : Math.round(seconds);
  const text = new Date(1000 * rounded).toISOString();
  return isDay ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}
