import { COLON, DOT, HYPHEN, isDigit, isLowerCaseLetter, UNDERSCORE } from './characters.js';
import { isCanonicalIpv4, isIpv4Number } from './ip-addresses.js';

/** The longest host name, in bytes, without a trailing dot. */
export const MAX_HOST_LENGTH = 253;

/** The longest part of a host name between two dots, in bytes. */
export const MAX_LABEL_LENGTH = 63;

/**
 * Whether a label may contain a character: a lower-case letter, a digit, `-` or `_`. URL parsers accept more (`!`, `$`,
 * `~`), but no registry sells such names. Attackers create them below their own domain to bypass careless checks.
 */
export function isLabelCharacter(code: number): boolean {
  return isLowerCaseLetter(code) || isDigit(code) || code === HYPHEN || code === UNDERSCORE;
}

/**
 * Reads a host name or an IPv4 address up to a colon or the end of the text, in one pass.
 *
 * @returns the index after the host, or -1 if browsers do not serialize it so: an empty label, a label over 63 bytes,
 * over 253 bytes in all, a trailing dot, or a last label that is a number in what is not a canonical IPv4 address
 * @see https://url.spec.whatwg.org/#host-serializing
 */
export function scanHostName(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAX_HOST_LENGTH + 1);
  let labelStart = start;
  let index = start;
  for (; index < limit; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (!isLabelLength(index - labelStart)) {
        return -1;
      }
      labelStart = index + 1;
    } else if (code === COLON) {
      break;
    } else if (!isLabelCharacter(code)) {
      return -1;
    }
  }
  if (index - start > MAX_HOST_LENGTH || !isLabelLength(index - labelStart)) {
    return -1;
  }
  if (isIpv4Number(text, labelStart, index) && !isCanonicalIpv4(text, start, index)) {
    return -1;
  }
  return index;
}

/** Whether the last label of a host is a number, so that URL parsers read the host as an IPv4 address. */
export function endsInNumber(host: string): boolean {
  return isIpv4Number(host, host.lastIndexOf('.') + 1, host.length);
}

/**
 * Whether a host of an origin is on the same machine: `localhost` and names below it, `127.0.0.0/8` and `[::1]`.
 *
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
 */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '[::1]' || host.endsWith('.localhost')) {
    return true;
  }
  return host.startsWith('127.') && isCanonicalIpv4(host, 0, host.length);
}

function isLabelLength(length: number): boolean {
  return length > 0 && length <= MAX_LABEL_LENGTH;
}
