import type { EnforceOption } from '../../policy/policy-options.js';
import { plain } from './closest-name.js';

/** The longest maxAge any browser honours, in seconds. */
export const LONGEST_MAX_AGE = 86_400;

/** What was most likely meant by a value given for a switch; off when unsure. */
export function correctedSwitch(value: unknown): boolean {
  return ['true', '1', 'yes', 'on', 'include'].includes(String(primitive(value)).trim().toLowerCase());
}

/** The nearest valid `maxAge`, in whole seconds; ten minutes where nothing near a number was given. */
export function correctedMaxAge(value: unknown): number {
  const given = numberIn(value);
  // So many whole thousands were meant as milliseconds.
  const seconds = given > LONGEST_MAX_AGE && Number.isInteger(given / 1000) ? given / 1000 : given;
  return Number.isNaN(seconds) ? 600 : Math.min(Math.max(Math.floor(seconds), 0), LONGEST_MAX_AGE);
}

/** The nearest valid `optionsSuccessStatus`. */
export function correctedStatus(value: unknown): number {
  const status = numberIn(value);
  return Number.isInteger(status) && status >= 200 && status <= 299 ? status : 204;
}

/** The `enforce` that was most likely meant. */
export function correctedEnforce(value: unknown): EnforceOption {
  const text = plain(String(primitive(value)));
  if (text === 'true' || text === 'all' || text === 'always') {
    return 'all';
  }
  return text.includes('unsafe') || text === 'writes' ? 'unsafe-methods' : false;
}

function numberIn(value: unknown): number {
  if (typeof value === 'number') {
    return value;
  }
  const text = String(primitive(value)).trim();
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Objects and symbols are not turned into text: that would call code of the user's. */
function primitive(value: unknown): string | number | bigint | boolean | undefined {
  return typeof value === 'object' || typeof value === 'symbol' || typeof value === 'function'
    ? undefined
    : (value as string | number | bigint | boolean | undefined);
}
