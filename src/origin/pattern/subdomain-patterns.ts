import type { OriginPattern } from './origin-pattern.js';

const HTTP = 1;
const HTTPS = 2;

/** What follows the star, mapped to the schemes it is allowed for, with the bounds of its length. */
interface Suffixes {
  readonly schemes: Map<string, number>;
  shortest: number;
  longest: number;
}

/**
 * Compiles patterns with a subdomain star into one function. It looks up what follows each dot of the host in a Map: a
 * look-up is right by construction where a trie has to be proved right, and the cost is that of the origin's labels,
 * whatever the number of patterns. Only suffixes as long as some pattern are cut out.
 *
 * @returns whether a well-formed origin is below one of the patterns, given it with the index its port begins at
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
    // A dot at the very start has no label before it, which no star stands for.
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
