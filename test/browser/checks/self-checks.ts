import { codeBehind, isLibrary } from '../suites/library/model-imports.js';
import { DIFFERENCES } from '../suites/matrix/differences.js';
import { expectationOf, faultsOfDifferences } from '../suites/matrix/judge.js';
import type { Difference } from '../suites/matrix/row.js';
import { checkSimulation } from '../suites/simulation/self-checks.js';
import { Checks } from './checks.js';
import { CLAIMS } from './claims.js';

const LIBRARY_SUITE = 'test/browser/suites/library';
const CLAIM = { name: 'a row', reads: '200 read', arrives: ['GET read'] };
const HTTP = { platform: 'express', scheme: 'http' } as const;
const DIFFERENCE: Difference = { browser: 'webkit', rows: ['a row'], reads: 'blocked', why: 'It is so.' };
const ONLY_HTTPS: Difference = { ...DIFFERENCE, where: ({ scheme }) => scheme === 'https' };

/** Checks without a browser: the tables are valid, the models are independent, and the judge notices every failure. */
export function runSelfChecks(checks: Checks): void {
  const model = codeBehind(`${LIBRARY_SUITE}/model/expect.ts`);
  checks.equal('the model of the library suite runs no code of the library', [...model].filter(isLibrary), []);
  const known = [...codeBehind(`${LIBRARY_SUITE}/prepare-library.ts`)].filter(isLibrary);
  checks.equal('imports of the library are noticed', known, ['nestjs-cors']);
  checkSimulation(checks);
  const names = CLAIMS.map(({ name }) => name);
  checks.equal('the names of all claims are unique', names.length, new Set(names).size);
  checks.equal('the declared differences have no faults', faultsOfDifferences(DIFFERENCES, CLAIMS), []);

  const faults: readonly (readonly [string, Partial<Difference>])[] = [
    ['for an unknown row', { rows: ['a rows'] }],
    ['for a known and an unknown row', { rows: ['a row', 'another'] }],
    ['for an expression that matches nothing', { rows: /^another/ }],
    ['equal to its row', { reads: '200 read' }],
    ['without a full sentence as reason', { why: 'because' }],
  ];
  checks.equal('a valid difference has no fault', faultsOfDifferences([DIFFERENCE], [CLAIM]).length, 0);
  for (const [what, change] of faults) {
    checks.equal(
      `a difference ${what} has one fault`,
      faultsOfDifferences([{ ...DIFFERENCE, ...change }], [CLAIM]).length,
      1,
    );
  }

  const readsOf = (difference: Difference, browser: 'webkit' | 'firefox') =>
    expectationOf(CLAIM, browser, HTTP, [difference]).reads;
  checks.equal('a difference applies to its browser', readsOf(DIFFERENCE, 'webkit'), 'blocked');
  checks.equal('a difference applies to no other browser', readsOf(DIFFERENCE, 'firefox'), '200 read');
  checks.equal('a declared difference applies only in its circumstances', readsOf(ONLY_HTTPS, 'webkit'), '200 read');

  // An unexpected result always fails: an undeclared difference, and a declared one that is gone.
  const trial = new Checks(() => undefined);
  trial.equal('an undeclared difference', 'blocked', readsOf(DIFFERENCE, 'firefox'));
  trial.equal('a declared difference that is gone', '200 read', readsOf(DIFFERENCE, 'webkit'));
  trial.equal('a declared difference', 'blocked', readsOf(DIFFERENCE, 'webkit'));
  checks.equal('differences from the expectation are counted as failures', [trial.passed, trial.failed], [1, 2]);
}
