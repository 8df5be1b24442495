import { lowerCaseName } from '../policy/header-names.js';
import { trimBlanks } from './http-response.js';

/** A longer value of a safelisted header needs permission. In bytes. */
const LONGEST_VALUE = 128;

/** https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the standard lists them.
const UNSAFE_BYTE = /[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/;
const LANGUAGE = /^[0-9A-Za-z *,\-.;=]*$/;
/** https://fetch.spec.whatwg.org/#simple-range-header-value */
const RANGE = /^bytes=(\d+)-(\d*)$/;

const CONTENT_TYPES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/**
 * The rule that the value of each safelisted header follows.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
const SAFELIST: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['accept', (value) => !UNSAFE_BYTE.test(value)],
  ['accept-language', (value) => LANGUAGE.test(value)],
  ['content-language', (value) => LANGUAGE.test(value)],
  ['content-type', (value) => !UNSAFE_BYTE.test(value) && CONTENT_TYPES.has(essence(value))],
  ['range', isRangeFromStart],
]);

/**
 * Whether some values of a request header need no permission.
 * @param name in lower case
 */
export function isSafelistedName(name: string): boolean {
  return SAFELIST.has(name);
}

/**
 * Whether a request header needs no permission.
 * @param name in lower case
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
export function isSafelistedHeader(name: string, value: string): boolean {
  return value.length <= LONGEST_VALUE && SAFELIST.get(name)?.(value) === true;
}

/** https://mimesniff.spec.whatwg.org/#mime-type-essence */
function essence(value: string): string {
  return lowerCaseName(trimBlanks(value.split(';', 1)[0] as string));
}

function isRangeFromStart(value: string): boolean {
  const [, first, last] = RANGE.exec(value) ?? [];
  return first !== undefined && (last === '' || BigInt(first) <= BigInt(last as string));
}
