import { CLOSING_BRACKET, SLASH } from './grammar/characters.js';
import type { OriginPredicate, OriginResolverClass } from './origin-resolver.js';
import { type OriginPattern, readOriginPattern } from './pattern/origin-pattern.js';
import { compileStarPatterns } from './pattern/star-patterns.js';

/** A compiled `origin` option. Frozen; safe to share between policies and requests. */
export type OriginMatcher = AnyOrigin | StaticOrigins | PredicateOrigin | ResolverOrigin;

/** `'*'` or `true`: the response carries the literal `*`. */
export interface AnyOrigin {
  readonly kind: 'any';
}

/** Exact origins and patterns. */
export interface StaticOrigins {
  readonly kind: 'static';
  /** All are well-formed, so an origin that is equal to one needs no other check. */
  readonly exact: ReadonlySet<string>;
  /** Whether a well-formed origin (see `isWellFormedOrigin`) is allowed. Never throws. */
  readonly allows: (origin: string) => boolean;
  /** The patterns of the list. */
  readonly patterns: readonly OriginPattern[];
}

export interface PredicateOrigin {
  readonly kind: 'predicate';
  readonly predicate: OriginPredicate;
}

/** The class of a resolver, whose instance comes from the injector at boot. */
export interface ResolverOrigin {
  readonly kind: 'resolver';
  readonly resolver: OriginResolverClass;
}

/** The values of the `origin` option. */
export type WrittenOrigins = string | true | OriginPredicate | OriginResolverClass | readonly string[];

/**
 * Compiles a validated `origin` option. Changing a list afterwards does not change the result.
 *
 * @throws TypeError for an entry that validation refuses
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
export function compileOrigins(option: WrittenOrigins): OriginMatcher {
  if (typeof option === 'function') {
    return isOriginResolverClass(option)
      ? Object.freeze({ kind: 'resolver', resolver: option })
      : Object.freeze({ kind: 'predicate', predicate: option as OriginPredicate });
  }
  const entries = listEntries(option);
  if (entries === '*') {
    return Object.freeze({ kind: 'any' });
  }
  return compileEntries(entries);
}

/**
 * Whether a value is the class of an origin resolver: a function whose prototype chain has a `resolve` method.
 * `Object.prototype` does not count. Otherwise prototype pollution would turn predicates into classes.
 */
export function isOriginResolverClass(value: unknown): value is OriginResolverClass {
  if (typeof value !== 'function') {
    return false;
  }
  let prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    const method = Object.getOwnPropertyDescriptor(prototype, 'resolve');
    if (method !== undefined) {
      return typeof method.value === 'function';
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}

/**
 * A text that is equal for two validated options exactly if they list the same origins, in any order and number.
 *
 * @param identify a number that is unique for each function
 */
export function originsCacheKey(option: WrittenOrigins, identify: (value: object) => number): string {
  if (typeof option === 'function') {
    return `function ${identify(option)}`;
  }
  const entries = listEntries(option);
  if (entries === '*') {
    return '*';
  }
  return JSON.stringify([...new Set(entries)].sort());
}

/** The entries of a static option: a list without `*`, or `*` alone. */
function listEntries(option: string | true | readonly string[]): readonly string[] | '*' {
  if (option === true) {
    return '*';
  }
  const entries = typeof option === 'string' ? [option] : option;
  return entries.includes('*') ? '*' : entries;
}

function compileEntries(entries: readonly string[]): StaticOrigins {
  const exact = new Set<string>();
  const anyPort = new Set<string>();
  const starred: OriginPattern[] = [];
  const patterns: OriginPattern[] = [];
  for (const entry of entries) {
    const pattern = readValidated(entry);
    if (pattern.subdomains || pattern.label !== undefined) {
      starred.push(pattern);
    } else if (pattern.port === '*') {
      anyPort.add(`${pattern.scheme}://${pattern.host}`);
    } else {
      exact.add(pattern.text);
      continue;
    }
    patterns.push(pattern);
  }
  Object.freeze(patterns);
  if (patterns.length === 0) {
    return Object.freeze({ kind: 'static', exact, allows: (origin: string) => exact.has(origin), patterns });
  }
  const matchesStar = starred.length === 0 ? undefined : compileStarPatterns(starred);
  const allows = (origin: string) => {
    if (exact.has(origin)) {
      return true;
    }
    const hostEnd = findHostEnd(origin);
    return (anyPort.size > 0 && anyPort.has(origin.slice(0, hostEnd))) || matchesStar?.(origin, hostEnd) === true;
  };
  return Object.freeze({ kind: 'static', exact, allows, patterns });
}

function readValidated(entry: string): OriginPattern {
  const pattern = typeof entry === 'string' ? readOriginPattern(entry) : 'is not a string';
  if (typeof pattern === 'string') {
    throw new TypeError(`The origin ${JSON.stringify(entry)} ${pattern}.`);
  }
  return pattern;
}

/** The index of the colon before the port of an origin, or the length of an origin without a port. */
function findHostEnd(origin: string): number {
  if (origin.charCodeAt(origin.length - 1) === CLOSING_BRACKET) {
    return origin.length;
  }
  const colon = origin.lastIndexOf(':');
  return origin.charCodeAt(colon + 1) === SLASH ? origin.length : colon;
}
