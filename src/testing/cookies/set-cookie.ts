import { registrableDomain, siteHost } from '../../browser/same-site.js';
import { isTrustworthy } from '../../browser/trustworthy.js';
import { type Cookie, isWithin } from './cookie.js';
import { expiryOf } from './expiry.js';

/** Why a browser refuses a cookie, and the fix: sentences after the line that is quoted. */
export type Refusal = string;

const LONGEST_COOKIE = 4096;
const LONGEST_ATTRIBUTE = 1024;

/**
 * Reads a `Set-Cookie` line as Chromium does.
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6
 */
export function readSetCookie(line: string, url: URL, now: number): Cookie | Refusal {
  const [[name, value], ...pairs] = pairsOf(line);
  const attributes = new Map(
    pairs
      .filter(([, attribute]) => attribute.length <= LONGEST_ATTRIBUTE)
      .map(([attribute, text]) => [attribute.toLowerCase(), text]),
  );
  const domain = attributes.get('domain') ?? '';
  const path = attributes.get('path') ?? '';
  const secure = attributes.has('secure');
  const httpOnly = attributes.has('httponly');
  const partitioned = attributes.has('partitioned');
  const sameSite = sameSiteOf(attributes.get('samesite'));
  if (pairs.concat([[name, value]]).some((pair) => /[^ -~\u0080-\u00ff]/.test(pair.join('')))) {
    return 'It has a control character, or one above U+00FF. Encode the value, for example with `encodeURIComponent`.';
  }
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
  const scope = scopeOf(domain, url.hostname);
  if (scope === undefined) {
    return `${JSON.stringify(domain)} is no domain that ${url.hostname} can set cookies for. Use ${siteHost(url.hostname)}, or remove \`Domain\`.`;
  }
  return (
    prefixFault(name, value, secure, httpOnly, domain === '' && path === '/') ??
    Object.freeze({
      name,
      value,
      ...scope,
      path: path.startsWith('/') ? path : defaultPath(url.pathname),
      secure,
      httpOnly,
      sameSite,
      partitioned,
      expires: expiryOf(attributes.get('max-age') ?? '', attributes.get('expires') ?? '', now),
    })
  );
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

function sameSiteOf(value = ''): Cookie['sameSite'] {
  const mode = value.toLowerCase();
  return mode === 'none' ? 'None' : mode === 'strict' ? 'Strict' : 'Lax';
}

/** The hosts that a `Domain` means, `undefined` if the host cannot set cookies for it. */
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

function defaultPath(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/')) || '/';
}

/**
 * Names with a prefix promise something about a cookie. A value without a name must not look like one.
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-4.1.3
 */
function prefixFault(
  name: string,
  value: string,
  secure: boolean,
  httpOnly: boolean,
  isForWholeHost: boolean,
): Refusal | undefined {
  const [prefix = ''] = /^__(?:Secure|Host-Http|Host|Http)-/i.exec(name || value) ?? [];
  if (prefix !== '' && name === '') {
    return `A value without a name cannot start with \`${prefix}\`. Start the cookie with \`name=value\`.`;
  }
  const missing = [
    ...(prefix !== '' && !secure ? ['Secure'] : []),
    ...(/http/i.test(prefix) && !httpOnly ? ['HttpOnly'] : []),
    ...(/host/i.test(prefix) && !isForWholeHost ? ['Path=/'] : []),
  ];
  return missing.length === 0
    ? undefined
    : `Names with \`${prefix}\` need \`${missing.join('; ')}\`${missing.includes('Path=/') ? ' without `Domain`' : ''}. Change the attributes, or the name.`;
}
