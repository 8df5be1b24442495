import { registrableDomain, siteHost } from '../../browser/same-site.js';
import { isTrustworthy } from '../../browser/trustworthy.js';
import { type Cookie, isWithin } from './cookie.js';
import { expiryOf } from './expiry.js';

/** Why browsers refuse a cookie, and the fix. */
export type Refusal = string;

const LONGEST_COOKIE = 4096;
const LONGEST_ATTRIBUTE = 1024;

/** The attributes that names with a prefix need. */
const PREFIXES: Readonly<Record<string, string>> = {
  '__secure-': '`Secure`',
  '__http-': '`Secure` and `HttpOnly`',
  '__host-': '`Secure`, `Path=/` and no `Domain`',
  '__host-http-': '`Secure`, `HttpOnly`, `Path=/` and no `Domain`',
};

/**
 * Reads a `Set-Cookie` line as Chromium does.
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6
 */
export function readSetCookie(line: string, url: URL, now: number): Cookie | Refusal {
  const [[name, value], ...others] = pairsOf(line);
  if ([[name, value], ...others].some((pair) => /[^ -~\u0080-\u00ff]/.test(pair.join('')))) {
    return 'It has a control character, or one above U+00FF. Encode the value, for example with `encodeURIComponent`.';
  }
  const short = others.filter(([, text]) => text.length <= LONGEST_ATTRIBUTE);
  const attributes = new Map(short.map(([attribute, text]) => [attribute.toLowerCase(), text]));
  const {
    domain = '',
    path = '',
    samesite = '',
    expires = '',
    'max-age': maxAge = '',
  } = Object.fromEntries(attributes);
  const mode = samesite.toLowerCase();
  const scope = scopeOf(domain, url.hostname);
  if (scope === undefined) {
    const own = siteHost(url.hostname);
    return `${url.hostname} cannot set cookies for ${JSON.stringify(domain)}. Use ${own}, or remove \`Domain\`.`;
  }
  const cookie: Cookie = Object.freeze({
    name,
    value,
    ...scope,
    path: path.startsWith('/') ? path : url.pathname.slice(0, url.pathname.lastIndexOf('/')) || '/',
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: mode === 'none' ? 'None' : mode === 'strict' ? 'Strict' : 'Lax',
    partitioned: attributes.has('partitioned'),
    expires: expiryOf(maxAge, expires, now),
  });
  return faultOf(cookie, url, domain === '' && path === '/') ?? cookie;
}

/** @param isForHost whether `Path=/` is written and no `Domain` */
function faultOf(cookie: Cookie, url: URL, isForHost: boolean): Refusal | undefined {
  const { name, value, secure, httpOnly, partitioned, sameSite } = cookie;
  if (name === '' && (value === '' || value.includes('='))) {
    return 'It has no name. Start it with `name=value`.';
  }
  if (name.length + value.length > LONGEST_COOKIE) {
    return `Its name and value have ${name.length + value.length} bytes. Use at most ${LONGEST_COOKIE}.`;
  }
  if (secure && !isTrustworthy(url)) {
    return 'Only https: and loopback hosts can set a `Secure` cookie. Use an https: URL, or remove `Secure`.';
  }
  if (!secure && (partitioned || sameSite === 'None')) {
    return `\`${partitioned ? 'Partitioned' : 'SameSite=None'}\` needs \`Secure\`. Add \`; Secure\`.`;
  }
  const prefix = /^__(secure|host-http|host|http)-/i.exec(name || value)?.[0] ?? '';
  if (prefix !== '' && name === '') {
    return `A value without a name cannot start with \`${prefix}\`. Start the cookie with \`name=value\`.`;
  }
  const needs = PREFIXES[prefix.toLowerCase()] ?? '';
  return (secure || !needs.includes('Secure')) &&
    (httpOnly || !needs.includes('HttpOnly')) &&
    (isForHost || !needs.includes('Path'))
    ? undefined
    : `Names with \`${prefix}\` need ${needs}. Change the attributes, or the name.`;
}

type Pair = readonly [name: string, value: string];

/** The parts of a line. The first may be a value without a name, the others may be names without a value. */
function pairsOf(line: string): [Pair, ...Pair[]] {
  const [first = '', ...others] = line.split(';');
  return [split(first.includes('=') ? first : `=${first}`), ...others.map(split)];
}

function split(text: string): Pair {
  const [name = '', ...value] = text.split('=');
  return [trim(name), trim(value.join('='))];
}

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** The hosts that a `Domain` means; `undefined` if the host cannot set cookies for it. */
function scopeOf(attribute: string, host: string): Pick<Cookie, 'domain' | 'hostOnly'> | undefined {
  const domain = attribute.toLowerCase().replace(/^\./, '');
  const registrable = registrableDomain(host);
  if (attribute === '' || (registrable === undefined && domain === host)) {
    return { domain: host, hostOnly: true };
  }
  return registrable !== undefined && isWithin(host, domain) && registrableDomain(domain) === registrable
    ? { domain, hostOnly: false }
    : undefined;
}
