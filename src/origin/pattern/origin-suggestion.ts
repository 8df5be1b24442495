import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { hasLowerCaseHost } from '../grammar/schemes.js';
import { LONGEST_TEXT, readNotation } from './origin-notations.js';
import { readOriginPattern } from './origin-pattern.js';
import { isSharedHost } from './shared-hosts.js';

// Values that an unset environment variable or an unfilled template leaves behind.
const STRAY_WORDS: ReadonlySet<string> = new Set(['undefined', 'null', 'true', 'false', 'nan', '[object object]']);

/** The number of notations that may be nested: `['.example.com:3000-3001']`. */
const MOST_NOTATIONS = 6;

/**
 * The origins somebody put into one string, split where commas, semicolons or white space separate them. White space
 * counts only between origins with a scheme: elsewhere it is more likely a slip inside one origin.
 */
export function splitOrigins(text: string): readonly string[] {
  const parts = text.split(/[\s,;]+/u).filter((part) => part !== '');
  const separated = /[,;]/u.test(text) || parts.every((part) => part.includes('://'));
  return separated ? parts : [text.trim()];
}

/** Whether a text is a word that stands for no origin. */
export function isStrayWord(text: string): boolean {
  return STRAY_WORDS.has(text.trim().toLowerCase());
}

/**
 * The valid pattern, or list of patterns, that a faulty text most likely stands for; `'*'` for every origin. Whatever
 * else is suggested has passed the strict parser.
 */
export function suggestOrigins(text: string): string | readonly string[] | undefined {
  if (text.length > LONGEST_TEXT) {
    return undefined;
  }
  const [first, ...others] = new Set(correctText(text, MOST_NOTATIONS));
  return first === undefined || others.length === 0 ? first : Object.freeze([first, ...others]);
}

/** The origins in texts, without those of no known meaning. */
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
  const origin = mendOrigin(parts[0] ?? '');
  return origin === undefined ? [] : [origin];
}

function mendOrigin(text: string): string | undefined {
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

/** The stars that a pattern can have, in place of others with the same meaning. */
function plainStars(text: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z*]*:?\/\/)?([^:/?#]*)(.*)$/isu.exec(text) ?? [];
  const anyPort = rest.replace(/^:(?=[\d?]*\*)[\d*?]+/u, ':*');
  const loopback = /^(.*[^.*])\*+$/u.exec(host)?.[1];
  if (loopback !== undefined && isLoopbackHost(loopback)) {
    return `${scheme}${loopback}:*`;
  }
  const label = host.replace(/^(?:\*+\.)*\*+\./u, '*.');
  // `*example.com`: everyone can have such a name.
  const below = /^\*[a-z\d][a-z\d-]*\.(.+)$/iu.exec(label)?.[1];
  const plain = below !== undefined && isSharedHost(below.toLowerCase()) ? label.replace('*', '*.') : label;
  return `${scheme}${plain}${anyPort}`;
}

/** `[::ffff:7f00:1]` is `127.0.0.1`; every other host is itself. */
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
  // A word or a number alone is no host, though a URL parser takes `3000` for an IP address.
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
