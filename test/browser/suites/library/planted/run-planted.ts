import type { Browser } from '../../../browsers/browser.js';
import { Checks } from '../../../checks/checks.js';
import type { Environment } from '../../../environment.js';
import { LibraryTally } from '../library-tally.js';
import type { PreparedCase } from '../prepare-library.js';
import { pagesOf, runPage } from '../run-library.js';
import { faults } from './faults.mjs';

/** The seed of faults without one. */
const SEED = 8;
const SIZE = Object.freeze({ applications: 3, casesOfEach: 35 });

/**
 * Plants each fault in a copy of the library, and checks that its suite breaks the promise of the fault in Chromium.
 * The same cases pass without a fault.
 */
export async function runPlanted(
  browser: Browser,
  environments: readonly Environment[],
  checks: Checks,
): Promise<void> {
  const begin = performance.now();
  const own = environments.filter(({ scheme, domain }) => scheme === 'http' && domain === 'localhost');
  for (const seed of new Set([SEED, ...faults.map((fault) => fault.seed ?? SEED)])) {
    const broken = await brokenBy(browser, own, seed, '');
    checks.equal(`the library suite finds nothing without a fault, seed ${seed}`, broken, []);
  }
  for (const { name, seed = SEED, promise } of faults) {
    const broken = await brokenBy(browser, own, seed, `?fault=${encodeURIComponent(name)}`, promise);
    checks.equal(`the library suite finds the fault: ${name}`, broken.includes(promise) ? promise : broken, promise);
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`chromium: ${faults.length} planted faults of the library, ${seconds} s`);
}

/** The checks that fail with a fault. Pages after one that breaks `promise` are not opened. */
async function brokenBy(
  browser: Browser,
  environments: readonly Environment[],
  seed: number,
  fault: string,
  promise = 'none',
): Promise<string[]> {
  const closers: (() => unknown)[] = [];
  const broken = new Set<string>();
  const checks = new Checks((line) => {
    const [, name] = /^FAILED .*: (.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      broken.add(name);
    }
  });
  try {
    const { prepareLibrary } = (await import(
      `../prepare-library.js${fault}`
    )) as typeof import('../prepare-library.js');
    const { cases } = await prepareLibrary(environments, seed, SIZE, closers);
    for (const page of pagesOf(cases as readonly PreparedCase[])) {
      await runPage(browser, 'chromium', page, checks, new LibraryTally());
      if (broken.has(promise)) {
        break;
      }
    }
  } finally {
    await Promise.all(closers.map((close) => close()));
  }
  return [...broken];
}
