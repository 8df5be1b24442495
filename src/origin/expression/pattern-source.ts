import type { OriginPattern } from '../pattern/origin-pattern.js';
import { classSource, escapeSource, STAR_CHARACTERS } from './character-set.js';

/** The source of an expression that matches the same well-formed origins as a pattern. */
export function patternSource({ scheme, host, port, subdomains, label }: OriginPattern): string {
  const labels = `(?:${classSource(`${STAR_CHARACTERS}_`)}+\\.)+`;
  // The star inside a label never makes a punycode label.
  const starred =
    label && `(?!xn--)${escapeSource(label.before)}${classSource(STAR_CHARACTERS)}+${escapeSource(label.after)}\\.`;
  const anyPort = port === '*' ? '(?::\\d+)?' : port && `:${port}`;
  return `^${escapeSource(scheme)}:\\/\\/${subdomains ? labels : (starred ?? '')}${escapeSource(host)}${anyPort}$`;
}
