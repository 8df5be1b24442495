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
    const digits = /^\d{1,5}$/.test(token);
    if (/^\d+:\d+:\d+$/.test(token)) {
      time ??= token.split(':').map(Number);
    } else if (digits && day === undefined && token.length <= 2) {
      day = Number(token);
    } else if (digits) {
      year ??= Number(token);
    } else {
      const index = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
      month ??= index === -1 ? undefined : index;
    }
  }
  return time && day && month !== undefined && year !== undefined
    ? timestampOf(fullYear(year), month, day, time)
    : undefined;
}

function fullYear(year: number): number {
  return year < 70 ? 2000 + year : year < 100 ? 1900 + year : year;
}

/** `undefined` if the calendar has no such date. */
function timestampOf(year: number, month: number, day: number, time: readonly number[]): number | undefined {
  const [hour = 0, minute = 0, second = 0] = time;
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  const exists =
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return exists ? date.getTime() : undefined;
}
