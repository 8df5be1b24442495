import { DIFFERENCES } from '../matrix/differences.js';
import { expectationOf, faultsOfDifferences } from '../matrix/judge.js';
import type { Difference } from '../matrix/row.js';
import { Checks } from './checks.js';
import { CLAIMS } from './claims.js';

const CLAIM = { name: 'a row', reads: '200 read', arrives: ['GET read'] };
const HTTP = { platform: 'express', scheme: 'http' } as const;
const DIFFERENCE: Difference = { browser: 'webkit', rows: ['a row'], reads: 'blocked', why: 'It is so.' };
const ONLY_HTTPS: Difference = { ...DIFFERENCE, where: ({ scheme }) => scheme === 'https' };

/** What holds without any browser: the tables are sound, and what judges them notices what it should. */
export function runSelfChecks(checks: Checks): void {
  const names = CLAIMS.map(({ name }) => name);
  checks.equal('the names of all claims are unique', names.length, new Set(names).size);
  checks.equal('the declared differences are sound', faultsOfDifferences(DIFFERENCES, CLAIMS), []);

  const faults: readonly (readonly [string, Partial<Difference>])[] = [
    ['for a row that is not there', { rows: ['a rows'] }],
    ['for one row that is there and one that is not', { rows: ['a row', 'another'] }],
    ['for an expression that matches nothing', { rows: /^another/ }],
    ['that is none', { reads: '200 read' }],
    ['without a sentence', { why: 'because' }],
  ];
  checks.equal('a sound difference has no fault', faultsOfDifferences([DIFFERENCE], [CLAIM]).length, 0);
  for (const [what, change] of faults) {
    checks.equal(`a difference ${what}`, faultsOfDifferences([{ ...DIFFERENCE, ...change }], [CLAIM]).length, 1);
  }

  const readsOf = (difference: Difference, browser: 'webkit' | 'firefox') =>
    expectationOf(CLAIM, browser, HTTP, [difference]).reads;
  checks.equal('a difference counts for its browser', readsOf(DIFFERENCE, 'webkit'), 'blocked');
  checks.equal('and for no other', readsOf(DIFFERENCE, 'firefox'), '200 read');
  checks.equal('and only where it says', readsOf(ONLY_HTTPS, 'webkit'), '200 read');

  // Declared or not, what was not expected fails: an undeclared difference, and a declared one that is gone.
  const trial = new Checks(() => undefined);
  trial.equal('an undeclared difference', 'blocked', readsOf(DIFFERENCE, 'firefox'));
  trial.equal('a declared difference that is gone', '200 read', readsOf(DIFFERENCE, 'webkit'));
  trial.equal('a declared difference', 'blocked', readsOf(DIFFERENCE, 'webkit'));
  checks.equal('departures are counted', [trial.passed, trial.failed], [1, 2]);
}
