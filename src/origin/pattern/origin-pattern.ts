import { isCanonicalIpv6 } from '../grammar/ip-addresses.js';
import { MAX_ORIGIN_LENGTH } from '../grammar/origin-grammar.js';
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
import {
  type Fault,
  findAuthorityFault,
  findFault,
  findPortFault,
  findTextFault,
  STAR_IN_ADDRESS,
} from './text-faults.js';

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

const LONG_LABEL = `has a label over ${MAX_LABEL_LENGTH} bytes in its host`;

/** Faults of a host with a star, and then of one where the star is not the whole label. */
const STAR_FAULTS: readonly Fault[] = [
  [/\*.*\*/, 'has more than one star in its host'],
  [/\..*\*/, 'has a star that is not in the leftmost label of its host'],
];
const LABEL_FAULTS: readonly Fault[] = [
  [/^xn--/, 'has a star in a punycode (xn--) label, where it would match unrelated names'],
  [new RegExp(`^[^.]{${MAX_LABEL_LENGTH + 1}}`), LONG_LABEL],
];

/** Faults of an IPv6 address in brackets. */
const IPV6_FAULTS: readonly Fault[] = [
  [/%/, 'has an IPv6 zone identifier, which browsers never send'],
  // It names the same server as the IPv4 address, so a check for one would miss the other.
  [
    /^\[::ffff:(?:[\da-f]{1,4}:[\da-f]{1,4}|\d+\.[\d.]+)\]$/,
    'has an IPv4-mapped IPv6 address; name the IPv4 address itself',
  ],
];

/**
 * Reads one origin or origin pattern strictly: nothing is trimmed, folded or guessed.
 *
 * @returns the pattern, or what is wrong as the end of a sentence that begins with the text
 */
export function readOriginPattern(text: string): OriginPattern | string {
  const [scheme = '', ...rest] = text.split('://');
  const authority = rest.join('://');
  const fault = findTextFault(text) ?? findSchemeFault(text, scheme) ?? findAuthorityFault(authority);
  if (fault !== undefined) {
    return fault;
  }
  const [, written = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  const star = written.indexOf('*');
  const labelEnd = star === -1 ? -1 : written.indexOf('.');
  const host = written.slice(labelEnd + 1);
  const subdomains = written.startsWith('*.');
  const hostFault =
    (port === undefined ? undefined : findPortFault(scheme, port)) ??
    (star === -1 && port !== '*' ? undefined : findStarFault(scheme, written, host)) ??
    // To the left of `host` there must be room for the shortest label that the star makes.
    findHostFault(scheme, host, MAX_HOST_LENGTH - (labelEnd + 1));
  if (hostFault !== undefined) {
    return hostFault;
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
  return Object.freeze({ text, scheme, host, port: port ?? '', subdomains, label });
}

function findSchemeFault(text: string, scheme: string): string | undefined {
  if (/[A-Z]/.test(hasLowerCaseHost(scheme) ? text : scheme)) {
    return 'contains upper-case letters; browsers send origins in lower case';
  }
  if (scheme === 'file') {
    return 'has the scheme file:; pages opened from a file usually send the origin null, and some shells send file://';
  }
  return readDefaultPort(scheme) === NO_TUPLE_ORIGIN
    ? `has the scheme ${scheme}:, whose pages send the origin null`
    : undefined;
}

/** @param host what stands to the right of the star's label */
function findStarFault(scheme: string, written: string, host: string): string | undefined {
  if (scheme !== 'http' && scheme !== 'https') {
    return `has a star with the scheme ${scheme}:; stars are for http: and https:`;
  }
  if (written === '*') {
    return 'has a star for the whole host, which would allow every site';
  }
  if (!written.includes('*')) {
    return undefined;
  }
  if (/^(?=.*\d)[\d.*]+$|^\[/.test(written) || endsInNumber(host)) {
    return STAR_IN_ADDRESS;
  }
  const fault = findFault(STAR_FAULTS, written);
  if (fault !== undefined || written.startsWith('*.')) {
    return fault;
  }
  if (host === written || !(host.includes('.') || isLoopbackHost(host))) {
    return 'has a star with fewer than two labels to its right, so it would match unrelated hosts';
  }
  return findFault(LABEL_FAULTS, written) ?? findOtherCharacter(written.replace(/\*|\..*/g, ''), isLabelCharacter);
}

function findHostFault(scheme: string, host: string, longest: number): string | undefined {
  if (host.startsWith('[')) {
    const isCanonical = isCanonicalIpv6(host, 1, host.length - 1);
    const fault = isCanonical ? undefined : 'has an IPv6 address that is not written as browsers write it (RFC 5952)';
    return findFault(IPV6_FAULTS, host) ?? fault;
  }
  if (hasOpaqueHost(scheme)) {
    return findOtherCharacter(host, isOpaqueHostCharacter);
  }
  if (host.includes('%')) {
    return 'has a percent sign in its host; browsers send hosts decoded';
  }
  const fault = findOtherCharacter(host.replaceAll('.', ''), isLabelCharacter);
  if (fault !== undefined || scanHostName(host, 0) === Math.min(host.length, longest)) {
    return fault;
  }
  if (host.endsWith('.')) {
    return 'has a trailing dot after its host';
  }
  if (/^\.|\.\.|^$/.test(host)) {
    return 'has an empty label in its host';
  }
  if (host.length > longest) {
    return `has a host over ${longest} bytes`;
  }
  return host.split('.').some((label) => label.length > MAX_LABEL_LENGTH)
    ? LONG_LABEL
    : 'has an IPv4 address that is not written as browsers write it, four decimal numbers up to 255';
}

function findOtherCharacter(host: string, isAllowed: (code: number) => boolean): string | undefined {
  const other = [...host].find((character) => !isAllowed(character.charCodeAt(0)));
  return other === undefined ? undefined : `has the character ${other} in its host`;
}

/** Only the URL parser knows what a punycode label decodes to. */
function isHostOfUrls(scheme: string, host: string): boolean {
  try {
    return (scheme !== 'http' && scheme !== 'https') || new URL(`${scheme}://${host}`).host === host;
  } catch {
    return false;
  }
}
