import type { BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';

type Comparison = 'verdicts' | 'names' | 'explanations' | 'misconfigurations';

/** How often a browser was compared at least: without a minimum, comparing nothing would pass. */
const LEAST: Readonly<Record<BrowserName, Readonly<Record<Comparison, number>>>> = Object.freeze({
  chromium: { verdicts: 1_100, names: 400, explanations: 1_000, misconfigurations: 59 },
  firefox: { verdicts: 1_100, names: 400, explanations: 1_000, misconfigurations: 59 },
  // WebKitWebDriver delivers no console messages.
  webkit: { verdicts: 1_000, names: 0, explanations: 900, misconfigurations: 59 },
});

/** Counts the comparisons of one browser with the verdicts of the library. */
export class VerdictTally {
  readonly #counts = new Map<Comparison, number>();

  count(comparison: Comparison): void {
    this.#counts.set(comparison, this.#of(comparison) + 1);
  }

  check(browser: BrowserName, checks: Checks): void {
    const rare = (Object.entries(LEAST[browser]) as [Comparison, number][])
      .filter(([comparison, least]) => this.#of(comparison) < least)
      .map(([comparison, least]) => `${comparison}: ${this.#of(comparison)} of ${least}`);
    checks.equal(`${browser} was compared with the verdicts of the library often enough`, rare, []);
  }

  #of(comparison: Comparison): number {
    return this.#counts.get(comparison) ?? 0;
  }
}
