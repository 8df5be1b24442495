import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { MAX_PORT } from '../grammar/origin-ports.js';
import { hasOpaqueHost } from '../grammar/schemes.js';
import { readOriginPattern } from '../pattern/origin-pattern.js';
import { isPublicSuffix, isSharedHost } from '../pattern/shared-hosts.js';
import { coversDigits, DIGITS, escapeSource } from './character-set.js';
import { type Part, partSource, textsOf } from './expand-expression.js';
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
  /** In digits; empty for none. */
  readonly port: string;
  /** The source of a port that varies; empty for none. */
  readonly portSource: string;
}

/** How a translation differs from the expression. */
export type TranslationNote =
  | BranchNote
  /** `http:` became `https:`, or was left out. */
  | 'secure'
  /** `https:` was written where the expression says another scheme. */
  | 'https'
  /** Hosts that strangers can have were left out. */
  | 'left-out';

/** The origins that one branch allows, without those that strangers can have. */
export interface BranchOrigins {
  readonly forms: readonly OriginForm[];
  readonly notes: ReadonlySet<TranslationNote>;
}

/** The source of a port that a pattern says with a star, but for origins without a port. */
export const SOME_PORT = '\\d+';

const MOST_PORTS = 32;

/**
 * The origins of a branch.
 *
 * @returns `undefined` where there are too many to write down
 */
export function originForms(shape: BranchShape, rules: TranslationRules): BranchOrigins | undefined {
  const hosts = hostForms(shape);
  if (hosts === undefined) {
    return undefined;
  }
  const notes = new Set<TranslationNote>(shape.notes);
  const forms: OriginForm[] = [];
  const openEnd = shape.port === undefined && (shape.notes.has('open-end') || shape.notes.has('needs-more'));
  for (const host of hosts) {
    const loopback = isLoopbackHost(host.text);
    const unsaid = loopback || host.text === '*' ? ['http', 'https'] : ['https'];
    const written = shape.schemes.length > 0 ? shape.schemes : unsaid;
    const ports = portsOf(shape, loopback || isAddress(host));
    if (ports.length === 0 || host.narrowed) {
      notes.add('left-out');
    }
    if (rules.secureOnly && !loopback && written.includes('http')) {
      notes.add('secure');
    }
    for (const scheme of new Set(written.map((one) => securedScheme(one, loopback, rules)))) {
      // `^https://app` and `^https://.*example` were meant to go on.
      const local = loopback || isAddress(host) || host.text === '*';
      const cut = openEnd && !/[.:]/.test(host.text.replace(/^.*\*\./, '')) && !local && !hasOpaqueHost(scheme);
      if (cut || !isOwn(scheme, host, rules)) {
        notes.add('left-out');
        continue;
      }
      if (!written.includes(scheme)) {
        notes.add('https');
      }
      forms.push(...ports.map((port) => ({ scheme, host, ...port })).filter(isWellFormed));
    }
  }
  return { forms, notes };
}

/** Whether a form without a part that varies is a valid origin. */
function isWellFormed({ scheme, host, port, portSource }: OriginForm): boolean {
  const text = `${scheme}://${host.text}${port && `:${port}`}`;
  return host.stars.length > 0 || portSource !== '' || typeof readOriginPattern(text) !== 'string';
}

function securedScheme(scheme: string, loopback: boolean, { secureOnly }: TranslationRules): string {
  return scheme === 'http' && secureOnly && !loopback ? 'https' : scheme;
}

type Port = Pick<OriginForm, 'port' | 'portSource'>;
const NO_PORT: Port = { port: '', portSource: '' };
const ANY_PORT: Port = { port: '', portSource: SOME_PORT };

/** @param local whether the host is of a developer's network, where a missing `$` is there for the port */
function portsOf({ port, notes }: BranchShape, local: boolean): readonly Port[] {
  if (port === undefined) {
    if (notes.has('needs-more')) {
      return local ? [ANY_PORT] : [];
    }
    return notes.has('open-end') && local ? [NO_PORT, ANY_PORT] : [NO_PORT];
  }
  const optional = notes.has('optional-colon') && port.every(({ least }) => least === 0) ? [NO_PORT] : [];
  if (port.length === 0) {
    return notes.has('open-end') || notes.has('needs-more') ? [...optional, ANY_PORT] : optional;
  }
  if (port.some(({ set, least }) => least > 0 && !/\d/.test(set))) {
    return optional;
  }
  const numbers = portNumbers(port);
  if (numbers !== undefined) {
    return [...optional, ...numbers.map((one) => ({ port: one, portSource: '' }))];
  }
  const [only, ...others] = port;
  const any = only !== undefined && others.length === 0 && coversDigits(only.set);
  if (any && only.full && only.least <= 1 && only.most >= 5) {
    return [...optional, ANY_PORT];
  }
  const portSource = port.map(portPartSource).join('');
  return [...optional, { port: '', portSource }];
}

/** Every port that parts spell, as far as it is one, or `undefined` for many. */
function portNumbers(parts: readonly Part[]): readonly string[] | undefined {
  const texts = textsOf(
    parts.map((one) => ({ ...one, set: digitsOf(one) })),
    MOST_PORTS,
  );
  return texts?.filter((text) => /^[1-9]\d*$/.test(text) && Number(text) <= MAX_PORT);
}

function digitsOf({ set }: Part): string {
  return [...DIGITS].filter((digit) => set.includes(digit)).join('');
}

function portPartSource(one: Part): string {
  const source = partSource({ ...one, set: digitsOf(one), unit: undefined });
  return one.least === 0 ? `(?:${source})?` : source;
}

/** Whether a host is an IPv4 address, or a family of them whose first number is given. */
function isAddress({ text, stars }: HostForm): boolean {
  const isNumber = ({ set }: Part) => [...set].every((character) => DIGITS.includes(character));
  return /^\d+(?:\.[\d*]+){3}$/.test(text) && stars.every(isNumber);
}

/** Whether no stranger can register a host of a form. */
function isOwn(scheme: string, host: HostForm, { accepts, everyOrigin }: TranslationRules): boolean {
  const { text } = host;
  const [star] = host.stars;
  if (text === '*') {
    return everyOrigin && star?.most === Number.POSITIVE_INFINITY && star.set.includes('.');
  }
  if (host.stars.length === 0) {
    return true;
  }
  const labels = text.split('.');
  if (/^[\d*]+$/.test(labels.at(-1) ?? '') && text.includes('*')) {
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
export function formSource({ scheme, host }: OriginForm): string {
  return `${escapeSource(scheme)}:\\/\\/${host.text === '*' ? '.+' : hostSource(host)}`;
}

function hostSource({ text, stars }: HostForm): string {
  return text
    .split('*')
    .map((literal, index) => {
      const star = stars[index];
      return `${escapeSource(literal)}${star === undefined ? '' : partSource(star)}`;
    })
    .join('');
}
