import { compileOrigins } from '../../origin/compile-origins.js';
import { isLoopbackHost } from '../../origin/grammar/origin-hosts.js';
import { escapePattern } from '../../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';
import { isFunctionName, isMethodRefused } from './route-text.js';

/** More origins are listed with each policy instead. */
const MOST_COLUMNS = 9;
/** More columns have numbers as names. */
const MOST_NAMES = 5;
/** The names of all columns, in characters, so that policies have the other half of a line. */
const WIDTH = 50;

const GAP = '  ';

const SIGNS = Object.freeze({
  R: 'readable without credentials',
  C: 'readable with credentials',
  '?': 'decided at each request',
  '-': 'not readable',
});

type Sign = keyof typeof SIGNS;

/** Tells for each origin of an application which policies allow it: a column for each origin. */
export class OriginColumns {
  readonly #origins: readonly string[];
  readonly #names: readonly string[];
  readonly #signs: ReadonlySet<Sign>;

  /** @param groups a route of each policy */
  constructor(groups: readonly CorsRoute[]) {
    const listed = groups.flatMap(({ policy }) => policy.origin).filter((origin) => !isFunctionName(origin));
    const origins = [...new Set(listed)].sort();
    this.#origins = origins.length > MOST_COLUMNS ? [] : origins;
    this.#names = namesOf(this.#origins);
    this.#signs = new Set(groups.flatMap((route) => this.#signsOf(route)));
  }

  /** Whether there are columns. */
  get areShown(): boolean {
    return this.#origins.length > 0;
  }

  /** The names of the columns, for the heading of the table. */
  get heading(): string {
    return this.#names.map((name) => GAP + name).join('');
  }

  /** A line for each column, with its origin, and a line for the signs. */
  get legend(): readonly string[] {
    const width = Math.max(...this.#names.map(({ length }) => length));
    const signs = Object.entries(SIGNS).filter(([sign]) => this.#signs.has(sign as Sign));
    return [
      ...this.#origins.map((origin, index) => `${this.#names[index]?.padEnd(width)}  ${originText(origin)}`),
      ...(signs.length === 0 ? [] : [signs.map((entry) => entry.join(' ')).join(', ')]),
    ];
  }

  /** The cells of a policy. Untouched routes have none. */
  cellsOf(route: CorsRoute): string {
    const signs = this.#signsOf(route);
    return this.#names.map((name, index) => GAP + (signs[index] ?? '').padEnd(name.length)).join('');
  }

  #signsOf(route: CorsRoute): readonly Sign[] {
    const { state, policy } = route;
    if (state === 'untouched') {
      return [];
    }
    if (state === 'disabled' || isMethodRefused(route)) {
      return this.#origins.map(() => '-');
    }
    const allowed = policy.origin;
    if (allowed.some(isFunctionName)) {
      return this.#origins.map(() => '?');
    }
    const matcher = compileOrigins(allowed);
    const isAllowed = (origin: string): boolean =>
      allowed.includes(origin) ||
      matcher.kind === 'any' ||
      (matcher.kind === 'static' && samplesOf(origin).every((sample) => matcher.allows(sample)));
    return this.#origins.map((origin) => (isAllowed(origin) ? (policy.credentials ? 'C' : 'R') : '-'));
  }
}

/** The first label of each host, or the host if another one has that label. Numbers if that is too much. */
function namesOf(origins: readonly string[]): readonly string[] {
  const hosts = origins.map((origin) => escapePattern(origin.replace(/^.*:\/\//, '')));
  const labels = hosts.map((host) => /^[a-z][\w-]*/i.exec(host)?.[0] ?? host);
  const names = labels.map((label, index) =>
    labels.indexOf(label) === labels.lastIndexOf(label) ? label : (hosts[index] as string),
  );
  return origins.length > MOST_NAMES || new Set(names).size < names.length || names.join(GAP).length > WIDTH
    ? origins.map((_, index) => `${index + 1}`)
    : names;
}

function originText(origin: string): string {
  const host = /^http:\/\/(.*?)(?::[^\]]*)?$/.exec(origin)?.[1];
  const isLocal = host !== undefined && isLoopbackHost(host);
  return origin === '*' ? 'any other origin' : `${escapePattern(origin)}${isLocal ? ' (local)' : ''}`;
}

/** Origins of a pattern. A policy that allows them all allows the whole pattern. An exact origin is its own sample. */
function samplesOf(text: string): readonly string[] {
  const withPort = text.replace(/:\*$/, ':61234');
  // No pattern but `*` has these two in common.
  return [withPort.replace('*', 'q7x2'), withPort.replace('*', '4wz8')];
}
