import { HYPHEN, isDigit, isLowerCaseLetter } from '../grammar/characters.js';
import type { OriginPattern, StarredLabel } from './origin-pattern.js';

interface StarredOrigin extends StarredLabel {
  /** With its colon and slashes: `https://`. */
  readonly scheme: string;
}

/**
 * Compiles patterns with a star inside a label into one function. It looks up the text after the first label of the
 * origin, and compares the label with the patterns for that text: both ends, and the characters between them.
 *
 * @returns whether a well-formed origin matches a pattern; its parameters are the origin and the end of its host
 */
export function compileLabelPatterns(patterns: readonly OriginPattern[]): (origin: string, hostEnd: number) => boolean {
  const withPort = new Map<string, StarredOrigin[]>();
  const anyPort = new Map<string, StarredOrigin[]>();
  for (const { scheme, host, port, label } of patterns) {
    if (label === undefined) {
      continue;
    }
    const patternsBelow = port === '*' ? anyPort : withPort;
    const key = port === '*' || port === '' ? host : `${host}:${port}`;
    const starred = { ...label, scheme: `${scheme}://` };
    patternsBelow.set(key, [...(patternsBelow.get(key) ?? []), starred]);
  }
  return (origin, hostEnd) => {
    const labelStart = origin.indexOf('://') + 3;
    const labelEnd = origin.indexOf('.', labelStart);
    if (labelEnd === -1 || origin.startsWith('xn--', labelStart)) {
      return false;
    }
    return (
      isBelow(withPort.get(origin.slice(labelEnd + 1)), origin, labelStart, labelEnd) ||
      isBelow(anyPort.get(origin.slice(labelEnd + 1, hostEnd)), origin, labelStart, labelEnd)
    );
  };
}

function isBelow(
  patterns: readonly StarredOrigin[] | undefined,
  origin: string,
  labelStart: number,
  labelEnd: number,
): boolean {
  if (patterns === undefined) {
    return false;
  }
  for (const { scheme, before, after } of patterns) {
    const starStart = labelStart + before.length;
    const starEnd = labelEnd - after.length;
    if (
      starStart < starEnd &&
      scheme.length === labelStart &&
      origin.startsWith(scheme) &&
      origin.startsWith(before, labelStart) &&
      origin.startsWith(after, starEnd) &&
      areStarCharacters(origin, starStart, starEnd)
    ) {
      return true;
    }
  }
  return false;
}

function areStarCharacters(origin: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = origin.charCodeAt(index);
    if (!isLowerCaseLetter(code) && !isDigit(code) && code !== HYPHEN) {
      return false;
    }
  }
  return true;
}
