import { type OriginPattern, readOriginPattern } from './origin-pattern.js';
import { splitOrigins, suggestOrigins } from './origin-suggestion.js';

/** What is wrong with one entry of the `origin` option. */
export interface OriginFault {
  readonly code: 'origin-invalid' | 'origin-null';
  /** The end of a sentence that begins with the value: `has a trailing slash; ...`. No full stop. */
  readonly reason: string;
  /** What was most likely meant, known to be valid; a list where one string held several origins. */
  readonly suggestion?: string | readonly string[];
}

/** The outcome of reading one entry of the `origin` option: a pattern or a fault. */
export type ParsedOriginPattern =
  | { readonly pattern: OriginPattern; readonly fault?: undefined }
  | { readonly fault: OriginFault; readonly pattern?: undefined };

// What an environment variable or a template leaves behind when something else was meant.
const STRAY_WORDS: ReadonlySet<string> = new Set(['undefined', 'true', 'false', 'nan', '[object object]']);

/**
 * Reads one string of the `origin` option: an origin (`https://app.example.com`), every subdomain of a host
 * (`https://*.example.com`), every port of a host (`http://localhost:*`), or both (`http://*.localhost:*`). Origins are
 * written as browsers send them. The literal `*` is not an entry of this kind and is a fault here. Never throws.
 *
 * @param value anything; what is not a string is a fault
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function parseOriginPattern(value: unknown): ParsedOriginPattern {
  if (typeof value !== 'string') return faulty('origin-invalid', describeOther(value));
  const word = value.trim().toLowerCase();
  if (word === 'null') {
    return faulty(
      'origin-null',
      'is what browsers send for sandboxed frames and local files, which anyone can produce',
    );
  }
  if (word === '*') return faulty('origin-invalid', 'has a star for a whole origin, which would allow every site');
  if (STRAY_WORDS.has(word)) return faulty('origin-invalid', 'is a word, not an origin; was a variable left out?');
  if (splitOrigins(value).length > 1) {
    return faulty('origin-invalid', 'holds several origins in one string; lists are lists', suggestOrigins(value));
  }
  const pattern = readOriginPattern(value);
  if (typeof pattern === 'string') return faulty('origin-invalid', pattern, suggestOrigins(value));
  return Object.freeze({ pattern });
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
  if (value === undefined) return 'is missing; an environment variable may not be set';
  if (value === null) return 'is missing; leave it out or name an origin';
  if (Array.isArray(value)) return 'is a list inside the list; origins are strings';
  return `is of type ${typeof value}; origins are strings`;
}
