import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { MAX_PORT } from '../grammar/origin-ports.js';
import { hasOpaqueHost } from '../grammar/schemes.js';
import { readOriginPattern } from '../pattern/origin-pattern.js';
import { isPublicSuffix, isSharedHost } from '../pattern/shared-hosts.js';
import { type Part, partSource, textsOf } from './branches.js';
import { DIGITS, escapeSource, includesAll, intersection } from './character-set.js';
import { type HostForm, hostForms } from './host-forms.js';
import type { BranchNote, BranchShape } from './read-branch.js';

/** The limits of the policy that contains the expression. */
export interface TranslationRules {
  /** Whether `http:` is for loopback hosts only. */
  readonly secureOnly: boolean;
  /** Whether the policy may allow every origin. */
  readonly everyOrigin: boolean;
  /** Whether the policy may hold a valid pattern. */
  readonly accepts: (pattern: string) => boolean;
}

/** A family of origins. */
export interface OriginForm {
  readonly scheme: string;
  readonly host: HostForm;
  /** The source of the port: digits, or an expression where it varies; empty for none. */
  readonly port: string;
}

/** How a translation differs from the expression. */
export type TranslationNote =
  | BranchNote
  /** `http:` became `https:`, or was left out. */
  | 'secure'
  /** `https:` stands where the expression has another scheme. */
  | 'https'
  /** Hosts that strangers can have were left out. */
  | 'left-out';

/** The source of a port that a pattern says with a star, except for origins without a port. */
export const SOME_PORT = '\\d+';

const NO_PORT = '';
const MOST_PORTS = 32;

/**
 * The origins of a branch, without those that strangers can have.
 *
 * @param notes receives how they differ from the branch
 * @returns `undefined` where there are too many to write down
 */
export function originForms(
  shape: BranchShape,
  rules: TranslationRules,
  notes: Set<TranslationNote>,
): readonly OriginForm[] | undefined {
  const forms: OriginForm[] = [];
  const hosts = hostForms(shape);
  for (const host of hosts ?? []) {
    const isLoopback = isLoopbackHost(host.text);
    const isEveryHost = host.text === '*';
    const isLocal = isLoopback || isAddress(host);
    const unnamed = isLoopback || isEveryHost ? ['http', 'https'] : ['https'];
    const written = shape.schemes.length > 0 ? shape.schemes : unnamed;
    const isSecured = rules.secureOnly && !isLoopback && written.includes('http');
    const schemes = isSecured ? written.map((scheme) => (scheme === 'http' ? 'https' : scheme)) : written;
    const ports = portsOf(shape, isLocal);
    if (ports.length === 0 || host.narrowed) {
      notes.add('left-out');
    }
    if (isSecured) {
      notes.add('secure');
    }
    for (const scheme of new Set(schemes)) {
      const isCut = !isLocal && !isEveryHost && !hasOpaqueHost(scheme) && isCutOff(host, shape);
      if (isCut || !isOwn(scheme, host, rules)) {
        notes.add('left-out');
        continue;
      }
      if (!written.includes(scheme)) {
        notes.add('https');
      }
      forms.push(...ports.map((port) => ({ scheme, host, port })).filter(isWellFormed));
    }
  }
  return hosts && forms;
}

/** `^https://app` and `^https://.*example` were meant to go on. */
function isCutOff({ text }: HostForm, { port, notes }: BranchShape): boolean {
  const isOpen = port === undefined && (notes.has('open-end') || notes.has('needs-more'));
  return isOpen && !/[.:]/.test(text.replace(/^.*\*\./, ''));
}

/** Whether a form is a valid origin, if nothing in it varies. */
function isWellFormed({ scheme, host, port }: OriginForm): boolean {
  if (host.stars.length > 0 || !isFixed(port)) {
    return true;
  }
  return typeof readOriginPattern(`${scheme}://${host.text}${port && `:${port}`}`) !== 'string';
}

/** Whether a port is none or a number. */
export function isFixed(port: string): boolean {
  return /^\d*$/.test(port);
}

/** @param isLocal whether the host is in a developer's network, where a missing `$` is there for the port */
function portsOf({ port, notes }: BranchShape, isLocal: boolean): readonly string[] {
  if (port === undefined) {
    if (notes.has('needs-more')) {
      return isLocal ? [SOME_PORT] : [];
    }
    return notes.has('open-end') && isLocal ? [NO_PORT, SOME_PORT] : [NO_PORT];
  }
  const optional = notes.has('optional-colon') && port.every(({ least }) => least === 0) ? [NO_PORT] : [];
  if (port.length === 0) {
    return notes.has('open-end') || notes.has('needs-more') ? [...optional, SOME_PORT] : optional;
  }
  if (port.some(({ set, least }) => least > 0 && !/\d/.test(set))) {
    return optional;
  }
  const digits = port.map((one): Part => ({ ...one, set: intersection(DIGITS, one.set) }));
  const numbers = textsOf(digits, MOST_PORTS);
  if (numbers !== undefined) {
    return [...optional, ...numbers.filter((text) => /^[1-9]\d*$/.test(text) && Number(text) <= MAX_PORT)];
  }
  const [only, ...others] = port;
  const isAny = only !== undefined && others.length === 0 && only.full && only.least <= 1 && only.most >= 5;
  if (isAny && includesAll(only.set, DIGITS)) {
    return [...optional, SOME_PORT];
  }
  const sources = digits.map((one) => partSource({ ...one, unit: undefined }));
  return [...optional, sources.map((source, index) => (port[index]?.least === 0 ? `(?:${source})?` : source)).join('')];
}

/** Whether a host is an IPv4 address, or a family of them whose first number is given. */
function isAddress({ text, stars }: HostForm): boolean {
  return /^\d+(?:\.[\d*]+){3}$/.test(text) && stars.every(({ set }) => includesAll(DIGITS, set));
}

/** Whether no stranger can register a host of a form. */
function isOwn(scheme: string, host: HostForm, { accepts, everyOrigin }: TranslationRules): boolean {
  const { text } = host;
  const [star] = host.stars;
  if (star === undefined) {
    return true;
  }
  if (text === '*') {
    return everyOrigin && star.most === Number.POSITIVE_INFINITY && star.set.includes('.');
  }
  const labels = text.split('.');
  if (/^[\d*]+$/.test(labels.at(-1) ?? '')) {
    return isAddress(host);
  }
  const starred = labels.map((label) => label.includes('*')).lastIndexOf(true);
  const right = labels.slice(starred + 1).join('.');
  if (right === '') {
    return false;
  }
  if (isLoopbackHost(right)) {
    return true;
  }
  const label = labels[starred] ?? '';
  if (label === '*') {
    return accepts(`${scheme}://*.${right}`);
  }
  return !isSharedHost(right) || (label.includes('-') && !isPublicSuffix(right));
}

/** Scheme and host of a form as the source of an expression. */
export function formSource({ scheme, host: { text, stars } }: OriginForm): string {
  const sources = stars.map(partSource);
  const literals = text.split('*').map((literal, index) => escapeSource(literal) + (sources[index] ?? ''));
  return `${escapeSource(scheme)}:\\/\\/${text === '*' ? '.+' : literals.join('')}`;
}
