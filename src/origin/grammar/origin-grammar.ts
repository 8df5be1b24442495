import {
  CLOSING_BRACKET,
  COLON,
  DOT,
  HYPHEN,
  isDigit,
  isLowerCaseLetter,
  OPENING_BRACKET,
  PLUS,
  SLASH,
} from './characters.js';
import { isCanonicalIpv6 } from './ip-addresses.js';
import { scanHostName } from './origin-hosts.js';
import { readPort } from './origin-ports.js';
import { isOpaqueHostCharacter, NO_DEFAULT_PORT, NO_TUPLE_ORIGIN, readDefaultPort } from './schemes.js';

/**
 * The longest origin a request may carry, in bytes: room for the longest host with a port and a scheme of up to 68
 * bytes.
 */
export const MAX_ORIGIN_LENGTH = 330;

const LONGEST_BRACKETED_HOST = 41;

/**
 * Whether a text is a serialized tuple origin, exactly as browsers write it: `scheme://host` or `scheme://host:port`,
 * without a default port, with canonical IP addresses, at most 330 bytes. Schemes are lower case, and so are the hosts of
 * `http:`, `https:`, `ws:`, `wss:` and `ftp:`. Other schemes have opaque hosts, with upper case and any dots: `app://.`.
 * `null`, `file://` and the empty text are not well-formed. Reads the text at most twice, allocates at most the scheme
 * and never throws.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function isWellFormedOrigin(text: string): boolean {
  if (text.length > MAX_ORIGIN_LENGTH) {
    return false;
  }
  // Nearly every request ends here. V8 inlines these comparisons, but not `startsWith`.
  const isWeb =
    text.charCodeAt(0) === 0x68 &&
    text.charCodeAt(1) === 0x74 &&
    text.charCodeAt(2) === 0x74 &&
    text.charCodeAt(3) === 0x70;
  if (isWeb && text.charCodeAt(4) === COLON) {
    return isAuthority(text, 4, 80);
  }
  if (isWeb && text.charCodeAt(4) === 0x73 && text.charCodeAt(5) === COLON) {
    return isAuthority(text, 5, 443);
  }
  const schemeEnd = scanScheme(text);
  return schemeEnd !== -1 && isAuthority(text, schemeEnd, readDefaultPort(text.slice(0, schemeEnd)));
}

/** @param schemeEnd the index of the colon after the scheme */
function isAuthority(text: string, schemeEnd: number, defaultPort: number): boolean {
  if (defaultPort === NO_TUPLE_ORIGIN) {
    return false;
  }
  if (text.charCodeAt(schemeEnd + 1) !== SLASH || text.charCodeAt(schemeEnd + 2) !== SLASH) {
    return false;
  }
  const hostEnd = scanHost(text, schemeEnd + 3, defaultPort === NO_DEFAULT_PORT);
  if (hostEnd === -1) {
    return false;
  }
  if (hostEnd === text.length) {
    return true;
  }
  if (text.charCodeAt(hostEnd) !== COLON) {
    return false;
  }
  const port = readPort(text, hostEnd + 1);
  return port !== -1 && port !== defaultPort;
}

/**
 * Reads a lower-case scheme at the start of a text.
 *
 * @returns the index of the colon after it, or -1
 * @see https://url.spec.whatwg.org/#url-scheme-string
 */
export function scanScheme(text: string): number {
  if (!isLowerCaseLetter(text.charCodeAt(0))) {
    return -1;
  }
  for (let index = 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === COLON) {
      return index;
    }
    if (!isLowerCaseLetter(code) && !isDigit(code) && code !== PLUS && code !== HYPHEN && code !== DOT) {
      return -1;
    }
  }
  return -1;
}

function scanHost(text: string, start: number, opaque: boolean): number {
  if (text.charCodeAt(start) !== OPENING_BRACKET) {
    return opaque ? scanOpaqueHost(text, start) : scanHostName(text, start);
  }
  const limit = Math.min(text.length, start + LONGEST_BRACKETED_HOST);
  for (let index = start + 1; index < limit; index++) {
    if (text.charCodeAt(index) === CLOSING_BRACKET) {
      return isCanonicalIpv6(text, start + 1, index) ? index + 1 : -1;
    }
  }
  return -1;
}

/** @returns the index after the host, or -1 if it is empty or has a forbidden character */
function scanOpaqueHost(text: string, start: number): number {
  let index = start;
  while (index < text.length && isOpaqueHostCharacter(text.charCodeAt(index))) {
    index++;
  }
  return index === start || (index < text.length && text.charCodeAt(index) !== COLON) ? -1 : index;
}
