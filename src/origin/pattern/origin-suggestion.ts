import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { hasLowerCaseHost } from '../grammar/schemes.js';
import { LONGEST_TEXT, readNotation } from './origin-notations.js';
import { readOriginPattern } from './origin-pattern.js';
import { isSharedHost } from './shared-hosts.js';

// Texts that come from unset environment variables and unfilled templates.
const STRAY_WORDS: ReadonlySet<string> = new Set(['undefined', 'null', 'true', 'false', 'nan', '[object object]']);

/** How deep notations may be nested: `['.example.com:3000-3001']`. */
const MOST_NOTATIONS = 6;

/**
 * Splits a string with several origins at commas, semicolons or white space. White space counts only between origins
 * with a scheme: otherwise it is more likely a mistake inside one origin.
 */
export function splitOrigins(text: string): readonly string[] {
  const parts = text.split(/[\s,;]+/u).filter((part) => part !== '');
  const separated = /[,;]/u.test(text) || parts.every((part) => part.includes('://'));
  return separated ? parts : [text.trim()];
}

/** Whether a text is a word that does not mean an origin. */
export function isStrayWord(text: string): boolean {
  return STRAY_WORDS.has(text.trim().toLowerCase());
}

/**
 * The valid pattern, or list of patterns, that a faulty text most likely means; `'*'` for every origin.
 */
export function suggestOrigins(text: string): string | readonly string[] | undefined {
  if (text.length > LONGEST_TEXT) {
    return undefined;
  }
  const [first, ...others] = new Set(correctText(text, MOST_NOTATIONS));
  return first === undefined || others.length === 0 ? first : Object.freeze([first, ...others]);
}

/** The origins that texts mean. */
function correctTexts(texts: readonly string[], depth: number): readonly string[] {
  return texts.flatMap((text) => correctText(text, depth));
}

function correctText(text: string, depth: number): readonly string[] {
  if (text.trim() === '*') {
    return ['*'];
  }
  if (depth === 0 || isStrayWord(text)) {
    return [];
  }
  const notation = readNotation(text);
  if (notation !== undefined) {
    return correctTexts(notation.meant, depth - 1);
  }
  const parts = splitOrigins(text);
  if (parts.length > 1) {
    return correctTexts(parts, depth - 1);
  }
  const origin = correctOrigin(parts[0] ?? '');
  return origin === undefined ? [] : [origin];
}

function correctOrigin(text: string): string | undefined {
  const address = withScheme(plainStars(text));
  if (address === undefined) {
    return undefined;
  }
  // A URL parser accepts a star in a host, but not as a port.
  const anyPort = /:\*(?=$|[/?#])/u.test(address);
  const url = parseUrl(address.replace(/:\*(?=$|[/?#])/u, ''));
  if (url === undefined) {
    return undefined;
  }
  const host = hasLowerCaseHost(url.protocol.slice(0, -1))
    ? unmapIpv4(url.hostname.toLowerCase().replace(/\.$/u, ''))
    : url.hostname;
  const port = anyPort ? ':*' : url.port && `:${url.port}`;
  const origin = `${url.protocol}//${host}${port}`;
  return typeof readOriginPattern(origin) === 'string' ? undefined : origin;
}

/** Replaces stars by the ones that a pattern can have. */
function plainStars(text: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z*]*:?\/\/)?([^:/?#]*)(.*)$/isu.exec(text) ?? [];
  const anyPort = rest.replace(/^:(?=[\d?]*\*)[\d*?]+/u, ':*');
  const loopback = /^(.*[^.*])\*+$/u.exec(host)?.[1];
  if (loopback !== undefined && isLoopbackHost(loopback)) {
    return `${scheme}${loopback}:*`;
  }
  const label = host.replace(/^(?:\*+\.)*\*+\./u, '*.');
  // `*example.com` also matches names that anyone can register.
  const below = /^\*[a-z\d][a-z\d-]*\.(.+)$/iu.exec(label)?.[1];
  const plain = below !== undefined && isSharedHost(below.toLowerCase()) ? label.replace('*', '*.') : label;
  return `${scheme}${plain}${anyPort}`;
}

/** Writes `[::ffff:7f00:1]` as `127.0.0.1`, and leaves other hosts unchanged. */
function unmapIpv4(host: string): string {
  const pieces = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/u.exec(host);
  if (pieces === null) {
    return host;
  }
  return pieces
    .slice(1)
    .map((piece) => Number.parseInt(piece, 16))
    .map((piece) => `${piece >> 8}.${piece & 0xff}`)
    .join('.');
}

function withScheme(text: string): string | undefined {
  if (text.includes('://') || /^https?:/iu.test(text)) {
    return text;
  }
  if (text.startsWith('//')) {
    return `https:${text}`;
  }
  if (text.startsWith('/')) {
    return undefined;
  }
  const url = parseUrl(`http://${text.replace('*.', '')}`.replace(/:\*(?=$|[/?#])/u, ''));
  if (url === undefined) {
    return undefined;
  }
  if (isLoopbackHost(url.hostname)) {
    return `http://${text}`;
  }
  // A word or a number alone is not a host, although a URL parser reads `3000` as an IP address.
  const isName = /[.[]/.test(text.split(/[/?#]/)[0] ?? '') || url.port !== '';
  return isName && !/^\d+\.?(?:[/?#]|$)/.test(text) ? `https://${text}` : undefined;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
