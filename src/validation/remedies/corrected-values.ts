import type { EnforceOption, ResourcePolicyOption } from '../../policy/policy-options.js';
import { closestName, plain } from './closest-name.js';

/** The longest `maxAge` that any browser honours, in seconds. */
export const LONGEST_MAX_AGE = 86_400;

/** The boolean that the user most likely meant; `false` if unsure. */
export function correctedSwitch(value: unknown): boolean {
  return ['true', '1', 'yes', 'on', 'include'].includes(textOf(value).toLowerCase());
}

/** The nearest valid `maxAge`, in whole seconds; 600 if the value is not a number. */
export function correctedMaxAge(value: unknown): number {
  const given = numberIn(value);
  // The user most likely meant so many whole thousands as milliseconds.
  const seconds = given > LONGEST_MAX_AGE && Number.isInteger(given / 1000) ? given / 1000 : given;
  return Number.isNaN(seconds) ? 600 : Math.min(Math.max(Math.floor(seconds), 0), LONGEST_MAX_AGE);
}

/** The `optionsSuccessStatus` that the user most likely meant; 204 if unsure. */
export function correctedStatus(value: unknown): number {
  const status = numberIn(value);
  return Number.isInteger(status) && status >= 200 && status <= 299 ? status : 204;
}

/** The `enforce` that the user most likely meant; `false` if unsure. */
export function correctedEnforce(value: unknown): EnforceOption {
  const text = plain(textOf(value));
  if (text === 'true' || text === 'all' || text === 'always') {
    return 'all';
  }
  return text.includes('unsafe') || text === 'writes' ? 'unsafe-methods' : false;
}

/** The values of `resourcePolicy`. */
export const RESOURCE_POLICIES: readonly ResourcePolicyOption[] = Object.freeze([
  'same-origin',
  'same-site',
  'cross-origin',
]);

/** The `resourcePolicy` that the user most likely meant; `'cross-origin'` if unsure. */
export function correctedResourcePolicy(value: unknown): ResourcePolicyOption {
  return closestName(textOf(value), RESOURCE_POLICIES) ?? 'cross-origin';
}

function numberIn(value: unknown): number {
  if (typeof value === 'number') {
    return value;
  }
  const text = textOf(value);
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Empty for objects, functions and symbols: converting them could run code of the user. */
function textOf(value: unknown): string {
  return /^(?:object|function|symbol)$/.test(typeof value) ? '' : String(value).trim();
}
