import {
  isCorsResponseHeader,
  isForbiddenRequestHeader,
  isForbiddenResponseHeader,
  isPreflightOnlyHeader,
  isRequestOnlyHeader,
  lowerCaseName,
} from '../../policy/header-names.js';
import { isToken } from '../../policy/http-token.js';
import { isForbiddenMethod } from '../../policy/methods.js';
import type { PolicyProperty } from '../../policy/policy-options.js';
import { SourceCode, sourceText } from '../problems/quote-value.js';

/** Longer lists are not written out in a remedy. */
const LONGEST_SHOWN_LIST = 12;
/** Longer lists are not written out even where the remedy needs code for the whole list. */
const LONGEST_REWRITTEN_LIST = 50;

/**
 * The remedy for one entry of a list: the whole list as it should be, so that applying it corrects every entry at once,
 * or the entry alone where the list is long.
 *
 * @param list the list as it was written
 * @param corrected the list as it should be
 * @param entry what to write in place of the faulty entry; `undefined` where it should go, a list for several
 */
export function listRemedy(
  property: PolicyProperty,
  list: readonly unknown[],
  corrected: () => unknown,
  entry: unknown,
): string {
  const whole = list.length <= LONGEST_REWRITTEN_LIST ? corrected() : undefined;
  if (list.length <= LONGEST_SHOWN_LIST || whole instanceof SourceCode) {
    return `Write \`${property}: ${sourceText(whole)}\``;
  }
  const entries = Array.isArray(entry) ? entry : entry === undefined ? [] : [entry];
  return entries.length === 0 ? 'Remove this entry' : `Write \`${entries.map(sourceText).join(', ')}\` in its place`;
}

/** The list of methods that was most likely meant: always a valid value of `methods`. */
export function correctedMethods(value: unknown): readonly string[] {
  const methods = entries(value).map(correctedMethod);
  return orExample(methods, value, ['GET', 'PUT']);
}

/** The method that was most likely meant, `undefined` where none can be. */
export function correctedMethod(text: string): string | undefined {
  const method = text.trim().toUpperCase();
  return isToken(method) && !isForbiddenMethod(method) ? method : undefined;
}

/** The list of request headers that was most likely meant: always a valid value of `allowedHeaders`. */
export function correctedAllowedHeaders(value: unknown): readonly string[] {
  const names = entries(value).map(correctedAllowedHeader);
  return orExample(names, value, ['content-type', 'authorization']);
}

/** The request header that was most likely meant, `undefined` where there is none that scripts may set. */
export function correctedAllowedHeader(text: string): string | undefined {
  const name = headerName(text);
  if (name === undefined) {
    return undefined;
  }
  const lower = lowerCaseName(name);
  return isForbiddenRequestHeader(lower) || isCorsResponseHeader(lower) ? undefined : name;
}

/**
 * The list of response headers that was most likely meant: always a valid value of `exposedHeaders`.
 * @param credentials whether the policy allows credentials, where `'*'` means nothing
 */
export function correctedExposedHeaders(value: unknown, credentials: boolean): readonly string[] {
  const names = entries(value)
    .map(correctedExposedHeader)
    .filter((name) => !(credentials && name === '*'));
  return orExample(names, value, ['x-total-count']);
}

/** The response header that was most likely meant, `undefined` where there is none that scripts may read. */
export function correctedExposedHeader(text: string): string | undefined {
  const name = headerName(text);
  if (name === undefined) {
    return undefined;
  }
  const lower = lowerCaseName(name);
  const unreadable = isForbiddenResponseHeader(lower) || isRequestOnlyHeader(lower) || isPreflightOnlyHeader(lower);
  return unreadable ? undefined : name;
}

/** The name in `'x-total-count: 3'` or `' x-total-count '`. */
function headerName(text: string): string | undefined {
  const name = (text.split(':', 1)[0] ?? '').trim();
  return isToken(name) ? name : undefined;
}

/**
 * The texts in a list, or in one text that separates them by commas or spaces, as other libraries take it; what follows
 * a colon (`'x-total-count: 3'`) is no name.
 */
function entries(value: unknown): string[] {
  const list = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  return list.flatMap((entry) =>
    typeof entry === 'string'
      ? entry
          .replace(/:[^,]*/g, '')
          .split(/[,\s]+/)
          .filter((part) => part !== '')
      : [],
  );
}

function orExample(
  corrected: readonly (string | undefined)[],
  value: unknown,
  example: readonly string[],
): readonly string[] {
  const kept = [...new Set(corrected.filter((entry) => entry !== undefined))];
  return kept.length > 0 || (Array.isArray(value) && value.length === 0) ? kept : example;
}
