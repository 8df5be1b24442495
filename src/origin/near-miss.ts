import type { OriginMatcher } from './compile-origins.js';
import { isWellFormedOrigin, MAX_ORIGIN_LENGTH } from './grammar/origin-grammar.js';
import { endsInNumber } from './grammar/origin-hosts.js';
import type { OriginPattern } from './pattern/origin-pattern.js';
import { isSharedHost } from './pattern/shared-hosts.js';
import { matchesLabel } from './pattern/star-patterns.js';

/** The one part in which a refused origin differs from an allowed one. */
export type OriginDifference = 'trailing slash' | 'case' | 'scheme' | 'port' | 'www' | 'subdomain';

/** In the order in which they are preferred. */
const DIFFERENCES: readonly OriginDifference[] = Object.freeze([
  'trailing slash',
  'case',
  'scheme',
  'port',
  'www',
  'subdomain',
]);

/** An allowed origin or pattern, and the one part in which a refused origin differs from it. */
export interface NearMiss {
  /** The entry of the list, as the configuration names it. */
  readonly origin: string;
  readonly differsIn: OriginDifference;
}

/** An allowed origin or pattern. */
type Allowed = Pick<OriginPattern, 'scheme' | 'host' | 'port' | 'subdomains' | 'label'>;

interface RefusedOrigin extends Pick<OriginPattern, 'scheme' | 'host' | 'port'> {
  /** Whether the whole origin is well-formed. Without its port it always is. */
  readonly wellFormed: boolean;
}

/**
 * The allowed origin or pattern from which a refused origin differs in exactly one part. A subdomain counts only below
 * a host that has one owner: two names below `vercel.app` or `co.uk` have nothing in common.
 *
 * Compares every entry, so call it only when a developer reads the result.
 *
 * @param origin an Origin header as it arrived, or a text that a developer wrote; it may be malformed
 * @returns `undefined` if the origin is allowed, if nothing is near, and if a predicate or resolver decides
 */
export function nearMiss(origins: OriginMatcher, origin: string): NearMiss | undefined {
  if (origins.kind !== 'static' || origin.length > MAX_ORIGIN_LENGTH) {
    return undefined;
  }
  if (isWellFormedOrigin(origin) && origins.allows(origin)) {
    return undefined;
  }
  const differenceFrom = comparison(origin);
  let rank: number = DIFFERENCES.length;
  let entry = '';
  const compare = (text: string, allowed: Allowed) => {
    const difference = differenceFrom(text, allowed);
    const found = difference === undefined ? rank : DIFFERENCES.indexOf(difference);
    if (found < rank) {
      rank = found;
      entry = text;
    }
  };
  const mayBeNear = entryFilter(origin);
  for (const text of origins.exact) {
    if (mayBeNear(text, DIFFERENCES[rank] === undefined)) {
      compare(text, { ...splitOrigin(text), subdomains: false, label: undefined });
    }
  }
  for (const pattern of origins.patterns) {
    compare(pattern.text, pattern);
  }
  const differsIn = DIFFERENCES[rank];
  return differsIn && Object.freeze({ origin: entry, differsIn });
}

/**
 * Whether an entry may be near an origin. Reading an entry is slow, and a list can have thousands.
 *
 * @returns a function of an entry, and of whether a subdomain would be the nearest so far
 */
function entryFilter(origin: string): (entry: string, subdomainCounts: boolean) => boolean {
  const lowerCase = origin.toLowerCase();
  const { scheme, host, port } = splitOrigin(origin.replace(/\/$/, ''));
  const bareHost = host.replace(/^www\./, '');
  const start = `${scheme}://`;
  // Names that belong to one host end in the same two labels, or in `localhost`.
  const end =
    (/[^.]*\.(?!localhost$)[^.]*$/.exec(host)?.[0] ?? host.slice(host.lastIndexOf('.') + 1)) + (port && `:${port}`);
  return (entry, subdomainCounts) =>
    (bareHost !== '' && entry.includes(bareHost)) ||
    (subdomainCounts && end !== '' && entry.startsWith(start) && entry.endsWith(end)) ||
    (entry.length === origin.length && entry.toLowerCase() === lowerCase);
}

/** Compares a refused origin with allowed ones. */
function comparison(origin: string): (text: string, allowed: Allowed) => OriginDifference | undefined {
  if (origin.endsWith('/')) {
    const corrected = readRefused(origin.slice(0, -1));
    return (_, allowed) => (corrected && matches(allowed, corrected) ? 'trailing slash' : undefined);
  }
  const lowerCase = origin.toLowerCase();
  const inLowerCase = readRefused(lowerCase);
  const refused = readRefused(origin);
  return (text, allowed) => {
    // The host of an exact origin can have upper case, for example in `app://Main`.
    if (text.toLowerCase() === lowerCase || (inLowerCase && matches(allowed, inLowerCase))) {
      return 'case';
    }
    return refused && differenceOf(allowed, refused);
  };
}

function matches(allowed: Allowed, origin: RefusedOrigin): boolean {
  return allowed.scheme === origin.scheme && isSameHost(allowed, origin.host) && isSamePort(allowed, origin);
}

/** The difference of a refused origin with the right case and without a trailing slash. */
function differenceOf(allowed: Allowed, refused: RefusedOrigin): OriginDifference | undefined {
  const sameScheme = allowed.scheme === refused.scheme;
  const samePort = isSamePort(allowed, refused);
  if (!sameScheme && !samePort) {
    return undefined;
  }
  if (isSameHost(allowed, refused.host)) {
    return sameScheme ? 'port' : differenceOfSchemes(allowed, refused);
  }
  return sameScheme && samePort ? differenceOfHosts(allowed, refused) : undefined;
}

/** None if the port is the default port of the allowed scheme: browsers leave it out. */
function differenceOfSchemes({ scheme }: Allowed, { host, port }: RefusedOrigin): OriginDifference | undefined {
  return port === '' || isWellFormedOrigin(`${scheme}://${host}:${port}`) ? 'scheme' : undefined;
}

function isSamePort(allowed: Allowed, { port, wellFormed }: RefusedOrigin): boolean {
  return wellFormed && (allowed.port === '*' || allowed.port === port);
}

function isSameHost({ host: allowed, subdomains, label }: Allowed, host: string): boolean {
  if (subdomains) {
    return host.endsWith(`.${allowed}`);
  }
  if (label === undefined) {
    return host === allowed;
  }
  const labelEnd = host.indexOf('.');
  return host.slice(labelEnd + 1) === allowed && matchesLabel(label, host, 0, labelEnd);
}

function differenceOfHosts(allowed: Allowed, { scheme, host }: RefusedOrigin): OriginDifference | undefined {
  if (scheme !== 'http' && scheme !== 'https') {
    return undefined;
  }
  const hasStar = allowed.subdomains || allowed.label !== undefined;
  const other = hasStar ? `*.${allowed.host}` : allowed.host;
  const common = commonHost(host, other);
  // Strangers have the other names below a shared host, and a part of an IP address is not a host.
  if (common === '' || isSharedHost(common) || endsInNumber(common)) {
    return undefined;
  }
  const isWww = host === `www.${other}` || other === `www.${host}`;
  return isWww ? 'www' : 'subdomain';
}

/** The host that two names are or belong to: one of them, or the host directly above both. Otherwise an empty text. */
function commonHost(one: string, other: string): string {
  if (one.endsWith(`.${other}`)) {
    return other;
  }
  const above = one.slice(one.indexOf('.') + 1);
  return other.endsWith(`.${one}`) ? one : above === other.slice(other.indexOf('.') + 1) ? above : '';
}

/** Reads an origin that is well-formed, or would be without its port. */
function readRefused(text: string): RefusedOrigin | undefined {
  const parts = splitOrigin(text);
  const wellFormed = isWellFormedOrigin(text);
  const isReadable = wellFormed || (/^\d*$/.test(parts.port) && isWellFormedOrigin(`${parts.scheme}://${parts.host}`));
  return isReadable ? { ...parts, wellFormed } : undefined;
}

function splitOrigin(text: string): Pick<OriginPattern, 'scheme' | 'host' | 'port'> {
  const hostStart = text.indexOf('://') + 3;
  const colon = text.lastIndexOf(':');
  const hostEnd = colon < hostStart || text.endsWith(']') ? text.length : colon;
  return {
    scheme: text.slice(0, hostStart - 3),
    host: text.slice(hostStart, hostEnd),
    port: text.slice(hostEnd + 1),
  };
}
