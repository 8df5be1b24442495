import { readNotation } from './origin-notations.js';
import { type OriginPattern, readOriginPattern } from './origin-pattern.js';
import { isStrayWord, splitOrigins, suggestOrigins } from './origin-suggestion.js';

/** The mistake in one entry of the `origin` option. */
export interface OriginFault {
  readonly code: 'origin-invalid' | 'origin-null';
  /** The end of a sentence that begins with the value: `has a trailing slash; ...`. No full stop. */
  readonly reason: string;
  /** The likely meaning, which is valid; a list if one string holds several origins. */
  readonly suggestion?: string | readonly string[];
}

/** The outcome of reading one entry of the `origin` option: a pattern or a fault. */
export type ParsedOriginPattern =
  | { readonly pattern: OriginPattern; readonly fault?: undefined }
  | { readonly fault: OriginFault; readonly pattern?: undefined };

/**
 * Reads one string of the `origin` option: an origin (`https://app.example.com`), every subdomain of a host
 * (`https://*.example.com`), every port of a host (`http://localhost:*`), or both (`http://*.localhost:*`). Origins are
 * written as browsers send them. The literal `*` is a fault here. Never throws.
 *
 * @param value a value of any type; only strings are read
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function parseOriginPattern(value: unknown): ParsedOriginPattern {
  if (typeof value !== 'string') {
    return faulty('origin-invalid', describeOther(value));
  }
  const pattern = readOriginPattern(value);
  if (typeof pattern !== 'string') {
    return Object.freeze({ pattern });
  }
  const word = value.trim().toLowerCase();
  if (word === 'null') {
    return faulty('origin-null', 'is the origin of sandboxed frames and local files, which anyone can create');
  }
  if (word === '*') {
    return faulty('origin-invalid', 'has a star for a whole origin, which would allow every site');
  }
  if (isStrayWord(word)) {
    return faulty('origin-invalid', 'is a word, not an origin; was a variable left out?');
  }
  const several = splitOrigins(value).length > 1 ? 'holds several origins in one string; write a list' : undefined;
  return faulty('origin-invalid', readNotation(value)?.reason ?? several ?? pattern, suggestOrigins(value));
}

function faulty(
  code: OriginFault['code'],
  reason: string,
  suggestion?: OriginFault['suggestion'],
): ParsedOriginPattern {
  const fault = suggestion === undefined ? { code, reason } : { code, reason, suggestion };
  return Object.freeze({ fault: Object.freeze(fault) });
}

function describeOther(value: unknown): string {
  if (value === undefined) {
    return 'is missing; an environment variable may not be set';
  }
  if (value === null) {
    return 'is missing; leave it out or name an origin';
  }
  if (Array.isArray(value)) {
    return 'is a list inside the list; origins are strings';
  }
  return `is of type ${typeof value}; origins are strings`;
}
