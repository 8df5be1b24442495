import type { OriginPattern } from './origin-pattern.js';

const HTTP = 1;
const HTTPS = 2;

/** The texts after the star with their schemes, and the bounds of their length. */
interface Suffixes {
  readonly schemes: Map<string, number>;
  shortest: number;
  longest: number;
}

/**
 * Compiles patterns with a subdomain star into one function. It looks up the text after each dot of the host in a Map,
 * so the cost depends on the labels of the origin and not on the number of patterns. It slices only texts of a length
 * that a pattern has.
 *
 * @returns whether a well-formed origin matches a pattern; its parameters are the origin and the end of its host
 */
export function compileSubdomainPatterns(
  patterns: readonly OriginPattern[],
): (origin: string, hostEnd: number) => boolean {
  const withPort = newSuffixes();
  const anyPort = newSuffixes();
  for (const { scheme, host, port } of patterns) {
    if (port === '*') {
      add(anyPort, host, scheme);
    } else {
      add(withPort, port === '' ? host : `${host}:${port}`, scheme);
    }
  }
  return (origin, hostEnd) => {
    const scheme = origin.startsWith('https://') ? HTTPS : origin.startsWith('http://') ? HTTP : 0;
    if (scheme === 0) {
      return false;
    }
    // The star needs a label before the first dot.
    let dot = origin.indexOf('.', scheme === HTTPS ? 9 : 8);
    while (dot !== -1) {
      if (has(withPort, origin, dot + 1, origin.length, scheme)) {
        return true;
      }
      if (has(anyPort, origin, dot + 1, hostEnd, scheme)) {
        return true;
      }
      dot = origin.indexOf('.', dot + 1);
    }
    return false;
  };
}

function newSuffixes(): Suffixes {
  return { schemes: new Map(), shortest: Number.POSITIVE_INFINITY, longest: 0 };
}

function add(suffixes: Suffixes, suffix: string, scheme: string): void {
  const bit = scheme === 'https' ? HTTPS : HTTP;
  suffixes.schemes.set(suffix, (suffixes.schemes.get(suffix) ?? 0) | bit);
  suffixes.shortest = Math.min(suffixes.shortest, suffix.length);
  suffixes.longest = Math.max(suffixes.longest, suffix.length);
}

function has(suffixes: Suffixes, origin: string, start: number, end: number, scheme: number): boolean {
  const length = end - start;
  if (length < suffixes.shortest || length > suffixes.longest) {
    return false;
  }
  return ((suffixes.schemes.get(origin.slice(start, end)) ?? 0) & scheme) !== 0;
}
