import type { BrowserName } from '../../browsers/browser.js';
import type { Circumstances } from '../../environment.js';
import type { Claim, Difference, Expectation } from './row.js';

/** The expected result in one browser, and the declared difference that changes it. */
export interface Judgement extends Expectation {
  readonly difference?: Difference;
}

/** @throws {Error} if two differences apply to the same row */
export function expectationOf(
  row: Claim,
  browser: BrowserName,
  circumstances: Circumstances,
  differences: readonly Difference[],
): Judgement {
  const { reads, arrives } = row;
  const matching = differences.filter(
    (difference) =>
      difference.browser === browser && namesRow(difference, row.name) && (difference.where?.(circumstances) ?? true),
  );
  if (matching.length > 1) {
    throw new Error(`${row.name}: ${matching.length} differences of ${browser} are declared, where one at most counts`);
  }
  const [difference] = matching;
  return difference === undefined
    ? { reads, arrives }
    : { reads: difference.reads ?? reads, arrives: difference.arrives ?? arrives, difference };
}

export function namesRow({ rows }: Difference, name: string): boolean {
  return rows instanceof RegExp ? rows.test(name) : rows.includes(name);
}

/** Errors in the declarations, found without a browser. */
export function faultsOfDifferences(differences: readonly Difference[], rows: readonly Claim[]): string[] {
  const faults: string[] = [];
  for (const difference of differences) {
    const { browser, rows: named, reads, arrives, why } = difference;
    const label = `${browser}, ${String(named)}`;
    const affected = rows.filter(({ name }) => namesRow(difference, name));
    if (affected.length === 0 || (Array.isArray(named) && affected.length !== named.length)) {
      faults.push(`${label}: names a row that does not exist`);
    }
    if (!/^[A-Z].+\.$/.test(why)) {
      faults.push(`${label}: says why in no sentence`);
    }
    for (const row of affected) {
      const same =
        (reads ?? row.reads) === row.reads && JSON.stringify(arrives ?? row.arrives) === JSON.stringify(row.arrives);
      if (same) {
        faults.push(`${label}: does not differ from ${row.name}`);
      }
    }
  }
  return faults;
}
