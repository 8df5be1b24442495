import type { BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import type { Observation } from './observation.js';

type Minimums = Readonly<Record<string, number>>;

/**
 * Each is about half of what an average seed draws. Without minimums, comparing nothing would pass. Firefox and WebKit
 * name no failures.
 */
const EVERYWHERE: Minimums = Object.freeze({
  'readable with CORS headers': 70,
  'readable at the own origin': 15,
  'readable as opaque': 8,
  'blocked at request': 15,
  'blocked at preflight': 25,
  'blocked at response': 20,
  'blocked at network': 3,
  redirected: 1,
  'with a cookie': 2,
  'with a permission of the preflight cache': 2,
});

const IN_CHROMIUM: Minimums = Object.freeze({
  'readable with CORS headers': 1_000,
  'readable at the own origin': 120,
  'readable as opaque': 90,
  'readable as opaqueredirect': 5,
  'blocked at request': 130,
  'blocked at preflight': 250,
  'blocked at redirect': 80,
  'blocked at response': 180,
  'blocked at network': 45,
  redirected: 100,
  'with a cookie': 120,
  'with a permission of the preflight cache': 60,
  AllowOriginMismatch: 45,
  CorsDisabledScheme: 2,
  DisallowedByMode: 50,
  HeaderDisallowedByPreflightResponse: 45,
  InvalidAllowCredentials: 27,
  InvalidAllowHeadersPreflightResponse: 18,
  InvalidAllowMethodsPreflightResponse: 12,
  InvalidAllowOriginValue: 22,
  MethodDisallowedByPreflightResponse: 28,
  MissingAllowOriginHeader: 35,
  MultipleAllowOriginValues: 28,
  NoCorsRedirectModeNotFollow: 6,
  PreflightAllowOriginMismatch: 17,
  PreflightDisallowedRedirect: 4,
  PreflightInvalidAllowCredentials: 7,
  PreflightInvalidAllowOriginValue: 14,
  PreflightInvalidStatus: 7,
  PreflightMissingAllowOriginHeader: 13,
  PreflightMultipleAllowOriginValues: 14,
  PreflightWildcardOriginNotAllowed: 3,
  RedirectContainsCredentials: 5,
  WildcardOriginNotAllowed: 4,
});

/** How many cases a browser must be compared in. */
const CASES: Readonly<Record<BrowserName, number>> = Object.freeze({ chromium: 2_000, firefox: 300, webkit: 300 });

/** Counts what the cases were about, by what `openPage` showed. */
export class SimulationTally {
  readonly #counts = new Map<string, number>();
  readonly #differences = new Map<string, number>();
  #cases = 0;

  count({ outcomes, arrivals }: Observation): void {
    this.#cases += 1;
    for (const { blocked, error, type, redirected } of outcomes) {
      this.#add(error === undefined ? READABLE[type ?? ''] : `blocked at ${blocked?.step}`);
      this.#add(blocked?.code);
      this.#add(redirected ? 'redirected' : undefined);
    }
    const hasCookie = arrivals.some(({ headers }) => headers.some(([name]) => name === 'Cookie'));
    this.#add(hasCookie ? 'with a cookie' : undefined);
    const preflights = arrivals.filter(({ preflight }) => preflight).length;
    const others = arrivals.filter(({ preflight, method }) => !preflight && !SAFELISTED.has(method)).length;
    this.#add(preflights > 0 && preflights < others ? 'with a permission of the preflight cache' : undefined);
  }

  /** Counts a declared difference that a case showed. */
  countDifference(why: string): void {
    this.#differences.set(why, (this.#differences.get(why) ?? 0) + 1);
  }

  /** @param declared the differences of the browser */
  check(browser: BrowserName, declared: readonly string[], checks: Checks): void {
    const minimums = browser === 'chromium' ? IN_CHROMIUM : EVERYWHERE;
    const rare = Object.entries({ ...minimums, cases: CASES[browser] })
      .filter(([kind, least]) => this.#of(kind) < least)
      .map(([kind, least]) => `${kind}: ${this.#of(kind)} of ${least}`);
    checks.equal(`${browser} was compared with openPage in every kind of case often enough`, rare, []);
    const gone = declared.filter((why) => !this.#differences.has(why));
    checks.equal(`${browser} still has the declared differences`, gone, []);
  }

  /** For example `12 redirected`, the most frequent first. */
  describe(): string[] {
    return [...this.#counts, ...this.#differences]
      .sort(([, one], [, other]) => other - one)
      .map(([kind, count]) => `${count} ${kind}`);
  }

  #add(kind: string | undefined): void {
    if (kind !== undefined) {
      this.#counts.set(kind, this.#of(kind) + 1);
    }
  }

  #of(kind: string): number {
    return kind === 'cases' ? this.#cases : (this.#counts.get(kind) ?? 0);
  }
}

const READABLE: Readonly<Record<string, string>> = Object.freeze({
  basic: 'readable at the own origin',
  cors: 'readable with CORS headers',
  opaque: 'readable as opaque',
  opaqueredirect: 'readable as opaqueredirect',
});

const SAFELISTED: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
