import { isCanonicalIpv6 } from '../grammar/ip-addresses.js';
import { MAX_ORIGIN_LENGTH, scanScheme } from '../grammar/origin-grammar.js';
import {
  endsInNumber,
  isLabelCharacter,
  isLoopbackHost,
  MAX_HOST_LENGTH,
  MAX_LABEL_LENGTH,
  scanHostName,
} from '../grammar/origin-hosts.js';
import {
  hasLowerCaseHost,
  hasOpaqueHost,
  isOpaqueHostCharacter,
  NO_TUPLE_ORIGIN,
  readDefaultPort,
} from '../grammar/schemes.js';
import { findPortFault, STAR_IN_ADDRESS, splitAuthority } from './origin-authority.js';

/** One origin, or a family of origins, as the configuration names it. Frozen. */
export interface OriginPattern {
  /** The text it was read from. */
  readonly text: string;
  /** Lower case, without the colon: `https`. */
  readonly scheme: string;
  /** The host, or the part of it to the right of the star's label: `example.com`, `127.0.0.1`, `[::1]`. */
  readonly host: string;
  /** The port in digits, `''` for the scheme's default, `'*'` for any port or none. */
  readonly port: string;
  /** Whether it stands for every name below `host`, one or more labels deep, and not for `host` itself. */
  readonly subdomains: boolean;
  /** The one label to the left of `host`, where a star stands for a part of it; otherwise `undefined`. */
  readonly label: StarredLabel | undefined;
}

/** A label with one star for one or more of `a` to `z`, `0` to `9` and `-`: `app-git-*-acme`. Frozen. */
export interface StarredLabel {
  /** The text to the left of the star, perhaps empty: `app-git-`. */
  readonly before: string;
  /** The text to the right of the star, perhaps empty: `-acme`. Not empty where `before` is. */
  readonly after: string;
}

const IPV4_MAPPED = /^\[::ffff:(?:[\da-f]{1,4}:[\da-f]{1,4}|\d+\.[\d.]+)\]$/;

/**
 * Reads one origin or origin pattern strictly: nothing is trimmed, folded or guessed.
 *
 * @returns the pattern, or what is wrong as the end of a sentence that begins with the text
 */
export function readOriginPattern(text: string): OriginPattern | string {
  const fault = findCharacterFault(text);
  if (fault !== undefined) {
    return fault;
  }
  const separator = text.indexOf('://');
  if (separator === -1) {
    return 'has no scheme; an origin begins with one, such as https://';
  }
  const scheme = text.slice(0, separator);
  if (scheme.includes('*')) {
    return 'has a star for its scheme; name the scheme';
  }
  const lowerCase = text.toLowerCase();
  if (scanScheme(lowerCase) !== separator) {
    return 'does not begin with a scheme';
  }
  if (text !== lowerCase && (scheme !== lowerCase.slice(0, separator) || hasLowerCaseHost(scheme))) {
    return 'contains upper-case letters; browsers send origins in lower case';
  }
  if (scheme === 'file') {
    return 'has the scheme file:; pages opened from a file usually send the origin null, and some shells send file://';
  }
  if (readDefaultPort(scheme) === NO_TUPLE_ORIGIN) {
    return `has the scheme ${scheme}:, whose pages send the origin null`;
  }
  const authority = text.slice(separator + 3);
  const parts = splitAuthority(authority);
  if (typeof parts === 'string') {
    return parts;
  }
  const [host, port] = parts;
  const portFault = port === undefined ? undefined : findPortFault(scheme, port);
  if (portFault !== undefined) {
    return portFault;
  }
  const starred = (host.includes('*') || port === '*') && scheme !== 'http' && scheme !== 'https';
  if (starred) {
    return `has a star with the scheme ${scheme}:; stars are for http: and https:`;
  }
  return readHost(text, scheme, host, port ?? '');
}

function findCharacterFault(text: string): string | undefined {
  if (text === '') {
    return 'is empty';
  }
  const trimmed = text.trim();
  if (trimmed === '') {
    return 'is blank';
  }
  if (trimmed !== text) {
    return text.startsWith(trimmed) ? 'ends with white space' : 'begins with white space';
  }
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      return 'contains white space';
    }
    if (code < 0x20 || code === 0x7f) {
      return 'contains a control character';
    }
    if (code > 0x7f) {
      return 'contains characters outside ASCII; browsers send them encoded';
    }
  }
  return text.includes('\\') ? 'contains a backslash' : undefined;
}

const LONG_LABEL = `has a label over ${MAX_LABEL_LENGTH} bytes in its host`;

function readHost(text: string, scheme: string, written: string, port: string): OriginPattern | string {
  if (written === '*') {
    return 'has a star for the whole host, which would allow every site';
  }
  const star = written.indexOf('*');
  const labelEnd = star === -1 ? -1 : written.indexOf('.');
  const host = written.slice(labelEnd + 1);
  const subdomains = written.startsWith('*.');
  const fault =
    (star === -1 ? undefined : findStarFault(written, star, host)) ??
    // To the left of `host` there must be room for the shortest label that the star makes.
    findHostFault(scheme, host, MAX_HOST_LENGTH - (labelEnd + 1));
  if (fault !== undefined) {
    return fault;
  }
  if (text.length > MAX_ORIGIN_LENGTH) {
    return `is over ${MAX_ORIGIN_LENGTH} bytes`;
  }
  if (host.includes('xn--') && !isHostOfUrls(scheme, host)) {
    return 'has a host that no URL can have; its punycode (xn--) is not valid';
  }
  const label =
    star === -1 || subdomains
      ? undefined
      : Object.freeze({ before: written.slice(0, star), after: written.slice(star + 1, labelEnd) });
  return Object.freeze({ text, scheme, host, port, subdomains, label });
}

/** @param host what stands to the right of the star's label */
function findStarFault(written: string, star: number, host: string): string | undefined {
  const numbers = /^[\d.*]+$/.test(written) && /\d/.test(written);
  if (numbers || written.startsWith('[') || endsInNumber(host)) {
    return STAR_IN_ADDRESS;
  }
  if (star !== written.lastIndexOf('*')) {
    return 'has more than one star in its host';
  }
  const dot = written.indexOf('.');
  if (dot !== -1 && dot < star) {
    return 'has a star that is not in the leftmost label of its host';
  }
  if (written.startsWith('*.')) {
    return undefined;
  }
  if (dot === -1 || !(host.includes('.') || isLoopbackHost(host))) {
    return 'has a star with fewer than two labels to its right, so it would match hosts of strangers';
  }
  const label = written.slice(0, dot);
  if (label.startsWith('xn--')) {
    return 'has a star in a punycode (xn--) label, where it would match unrelated names';
  }
  if (label.length > MAX_LABEL_LENGTH) {
    return LONG_LABEL;
  }
  return findOtherCharacter(label.replace('*', ''), isLabelCharacter);
}

function findHostFault(scheme: string, host: string, longest: number): string | undefined {
  if (host.startsWith('[')) {
    if (host.includes('%')) {
      return 'has an IPv6 zone identifier, which browsers never send';
    }
    // Two names for one server: the plain one is meant, and checks of it would miss the other.
    if (IPV4_MAPPED.test(host)) {
      return 'has an IPv4-mapped IPv6 address; name the IPv4 address itself';
    }
    return isCanonicalIpv6(host, 1, host.length - 1)
      ? undefined
      : 'has an IPv6 address that is not written as browsers write it (RFC 5952)';
  }
  if (hasOpaqueHost(scheme)) {
    return findOtherCharacter(host, isOpaqueHostCharacter);
  }
  if (host.includes('%')) {
    return 'has a percent sign in its host; browsers send hosts decoded';
  }
  const fault = findOtherCharacter(host.replaceAll('.', ''), isLabelCharacter);
  if (fault !== undefined) {
    return fault;
  }
  const labels = host.split('.');
  if (labels.length > 1 && labels.at(-1) === '') {
    return 'has a trailing dot after its host';
  }
  if (labels.includes('')) {
    return 'has an empty label in its host';
  }
  if (host.length > longest) {
    return `has a host over ${longest} bytes`;
  }
  if (labels.some((label) => label.length > MAX_LABEL_LENGTH)) {
    return LONG_LABEL;
  }
  return scanHostName(host, 0) === host.length
    ? undefined
    : 'has an IPv4 address that is not written as browsers write it, four decimal numbers up to 255';
}

function findOtherCharacter(host: string, isAllowed: (code: number) => boolean): string | undefined {
  for (const character of host) {
    if (!isAllowed(character.charCodeAt(0))) {
      return `has the character ${character} in its host`;
    }
  }
  return undefined;
}

/** The last word on punycode belongs to the URL parser, which alone knows what a label decodes to. */
function isHostOfUrls(scheme: string, host: string): boolean {
  try {
    return (scheme !== 'http' && scheme !== 'https') || new URL(`${scheme}://${host}`).host === host;
  } catch {
    return false;
  }
}
