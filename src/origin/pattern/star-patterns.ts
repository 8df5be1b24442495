import { HYPHEN, isDigit, isLowerCaseLetter } from '../grammar/characters.js';
import type { OriginPattern } from './origin-pattern.js';

/** Patterns by the text after the label of their star, and the bounds of its length. */
interface Suffixes {
  readonly patterns: Map<string, OriginPattern[]>;
  shortest: number;
  longest: number;
}

/**
 * Compiles patterns with a star in their host into one function. It looks up the text after each dot of the host in a
 * Map, so the cost depends on the labels of the origin and not on the number of patterns. It slices only texts of a
 * length that a pattern has.
 *
 * @returns whether a well-formed origin matches a pattern; its parameters are the origin and the end of its host
 */
export function compileStarPatterns(patterns: readonly OriginPattern[]): (origin: string, hostEnd: number) => boolean {
  const withPort = newSuffixes();
  const anyPort = newSuffixes();
  for (const pattern of patterns) {
    const { host, port } = pattern;
    if (port === '*') {
      add(anyPort, host, pattern);
    } else {
      add(withPort, port === '' ? host : `${host}:${port}`, pattern);
    }
  }
  return (origin, hostEnd) => {
    const labelStart = origin.startsWith('https://') ? 8 : origin.startsWith('http://') ? 7 : 0;
    if (labelStart === 0) {
      return false;
    }
    // The star needs a character before the first dot.
    const labelEnd = origin.indexOf('.', labelStart + 1);
    for (let dot = labelEnd; dot !== -1; dot = origin.indexOf('.', dot + 1)) {
      const isFirst = dot === labelEnd;
      if (
        matchesSuffix(withPort, origin, labelStart, dot, origin.length, isFirst) ||
        matchesSuffix(anyPort, origin, labelStart, dot, hostEnd, isFirst)
      ) {
        return true;
      }
    }
    return false;
  };
}

function newSuffixes(): Suffixes {
  return { patterns: new Map(), shortest: Number.POSITIVE_INFINITY, longest: 0 };
}

function add(suffixes: Suffixes, suffix: string, pattern: OriginPattern): void {
  const known = suffixes.patterns.get(suffix);
  if (known === undefined) {
    suffixes.patterns.set(suffix, [pattern]);
  } else {
    known.push(pattern);
  }
  suffixes.shortest = Math.min(suffixes.shortest, suffix.length);
  suffixes.longest = Math.max(suffixes.longest, suffix.length);
}

function matchesSuffix(
  suffixes: Suffixes,
  origin: string,
  labelStart: number,
  dot: number,
  end: number,
  isFirst: boolean,
): boolean {
  const length = end - dot - 1;
  if (length < suffixes.shortest || length > suffixes.longest) {
    return false;
  }
  const patterns = suffixes.patterns.get(origin.slice(dot + 1, end));
  if (patterns === undefined) {
    return false;
  }
  for (const { scheme, label } of patterns) {
    // Stars are for `http:` and `https:`, which differ in length.
    const isScheme = scheme.length + 3 === labelStart;
    if (isScheme && (label === undefined || (isFirst && matchesLabel(label, origin, labelStart, dot)))) {
      return true;
    }
  }
  return false;
}

/** Whether a label, given by its ends in a text, has both ends of a starred label, and star characters between them. */
export function matchesLabel(
  { before, after }: NonNullable<OriginPattern['label']>,
  text: string,
  labelStart: number,
  labelEnd: number,
): boolean {
  const starStart = labelStart + before.length;
  const starEnd = labelEnd - after.length;
  if (
    starStart >= starEnd ||
    text.startsWith('xn--', labelStart) ||
    !text.startsWith(before, labelStart) ||
    !text.startsWith(after, starEnd)
  ) {
    return false;
  }
  for (let index = starStart; index < starEnd; index++) {
    const code = text.charCodeAt(index);
    if (!isLowerCaseLetter(code) && !isDigit(code) && code !== HYPHEN) {
      return false;
    }
  }
  return true;
}
