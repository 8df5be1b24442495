import { isLoopbackHost } from './origin-hosts.js';
import { readOriginPattern } from './origin-pattern.js';
import { hasLowerCaseHost } from './schemes.js';

const LONGEST_TEXT_TO_MEND = 4096;

/**
 * The origins somebody put into one string, split where commas, semicolons or white space separate them. White space
 * counts only between origins with a scheme: elsewhere it is more likely a slip inside one origin.
 */
export function splitOrigins(text: string): readonly string[] {
  const parts = text.split(/[\s,;]+/u).filter((part) => part !== '');
  const separated = /[,;]/u.test(text) || parts.every((part) => part.includes('://'));
  return separated ? parts : [text.trim()];
}

/**
 * The valid pattern, or list of patterns, that a faulty text most likely stands for. Whatever is suggested has passed
 * the strict parser.
 */
export function suggestOrigins(text: string): string | readonly string[] | undefined {
  if (text.length > LONGEST_TEXT_TO_MEND) return undefined;
  const mended = new Set<string>();
  for (const part of splitOrigins(text)) {
    const origin = mendOrigin(part);
    if (origin === undefined) return undefined;
    mended.add(origin);
  }
  const [first, ...others] = mended;
  return first === undefined || others.length === 0 ? first : Object.freeze([first, ...others]);
}

function mendOrigin(text: string): string | undefined {
  const address = withScheme(text);
  if (address === undefined) return undefined;
  // A URL parser accepts a star in a host, but not as a port.
  const anyPort = /:\*(?=$|[/?#])/u.test(address);
  const url = parseUrl(address.replace(/:\*(?=$|[/?#])/u, ''));
  if (url === undefined) return undefined;
  const host = hasLowerCaseHost(url.protocol.slice(0, -1))
    ? unmapIpv4(url.hostname.toLowerCase().replace(/\.$/u, ''))
    : url.hostname;
  const port = anyPort ? ':*' : url.port && `:${url.port}`;
  const origin = `${url.protocol}//${host}${port}`;
  return typeof readOriginPattern(origin) === 'string' ? undefined : origin;
}

/** `[::ffff:7f00:1]` is `127.0.0.1`; every other host is itself. */
function unmapIpv4(host: string): string {
  const pieces = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/u.exec(host);
  if (pieces === null) return host;
  return pieces
    .slice(1)
    .map((piece) => Number.parseInt(piece, 16))
    .map((piece) => `${piece >> 8}.${piece & 0xff}`)
    .join('.');
}

function withScheme(text: string): string | undefined {
  if (text.includes('://') || /^https?:/iu.test(text)) return text;
  if (text.startsWith('//')) return `https:${text}`;
  if (text.startsWith('/')) return undefined;
  const url = parseUrl(`http://${text.replace('*.', '')}`.replace(/:\*(?=$|[/?#])/u, ''));
  return url === undefined ? undefined : `${isLoopbackHost(url.hostname) ? 'http' : 'https'}://${text}`;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
