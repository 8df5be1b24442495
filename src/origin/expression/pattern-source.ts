import type { OriginPattern } from '../pattern/origin-pattern.js';
import { classSource, escapeSource } from './character-set.js';

const STAR = `${classSource('abcdefghijklmnopqrstuvwxyz0123456789-')}+`;
const LABELS = `(?:${classSource('abcdefghijklmnopqrstuvwxyz0123456789-_')}+\\.)+`;

/** A pattern as the source of an expression that matches the same well-formed origins. */
export function patternSource({ scheme, host, port, subdomains, label }: OriginPattern): string {
  // The star inside a label never makes a punycode label.
  const starred =
    label === undefined ? '' : `(?!xn--)${escapeSource(label.before)}${STAR}${escapeSource(label.after)}\\.`;
  const anyPort = port === '*' ? '(?::\\d+)?' : port && `:${port}`;
  return `^${escapeSource(scheme)}:\\/\\/${subdomains ? LABELS : starred}${escapeSource(host)}${anyPort}$`;
}
