const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LONGEST_MILLISECONDS = 400 * 24 * 60 * 60 * 1000;

/**
 * When a cookie expires, in milliseconds since 1970: after `Max-Age`, else at `Expires`, and after at most 400 days.
 * `undefined` if neither is valid. Chromium also corrects `Expires` by the `Date` of the response. This function does not,
 * because in a test with fake timers the two come from different clocks.
 */
export function expiryOf(maxAge: string, expires: string, now: number): number | undefined {
  const expiry = /^[+-]?\d+$/.test(maxAge) ? now + Number(maxAge) * 1000 : readDate(expires);
  return expiry && Math.min(expiry, now + LONGEST_MILLISECONDS);
}

/** Reads a date as Chromium does: its parts in nearly any order, the first of each kind, in UTC whatever the zone. */
function readDate(text: string): number | undefined {
  let time: readonly number[] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const token of text.split(/[\t !-/;-@[-`{-~]+/)) {
    if (/^\d+:\d+:\d+$/.test(token)) {
      time ??= token.split(':').map(Number);
    } else if (/^\d{1,2}$/.test(token) && day === undefined) {
      day = Number(token);
    } else if (/^\d{1,5}$/.test(token)) {
      year ??= Number(token);
    } else if (month === undefined && MONTHS.includes(token.slice(0, 3).toLowerCase())) {
      month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    }
  }
  const [hour = 24, minute = 60, second = 60] = time ?? [];
  if (day === undefined || month === undefined || year === undefined || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  // `Date.UTC` itself adds 1900 to a year below 100.
  const date = new Date(Date.UTC(year < 70 ? 2000 + year : year, month, day, hour, minute, second));
  // A day that its month does not have would be one of the next month.
  return date.getUTCDate() === day ? date.getTime() : undefined;
}
