import type { Browser, BrowserKind, BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import type { PageRequest } from '../../page/page-request.js';
import { openPage, run } from '../../page/run.js';
import type { PageName } from '../matrix/row.js';
import { compareCase } from './compare-case.js';
import type { Reading } from './library-case.js';
import { LibraryTally } from './library-tally.js';
import { comparableHeaders } from './model/browser-model.js';
import { ENGINES } from './model/engines.js';
import { expect } from './model/expect.js';
import type { Library, LibraryApplication, PreparedCase } from './prepare-library.js';

/** One of how many cases a browser runs, besides those that a policy enforces. Chromium runs all. */
const SHARES: Readonly<Record<BrowserName, number>> = Object.freeze({ chromium: 1, firefox: 4, webkit: 3 });

/** Makes the requests of the cases in a browser, page by page, and compares the results with the model. */
export async function runLibrary(
  browser: Browser,
  { name, domains }: Pick<BrowserKind, 'name' | 'domains'>,
  library: Library,
  checks: Checks,
): Promise<void> {
  const begin = performance.now();
  const tally = new LibraryTally();
  const possible = library.cases.filter(({ application }) => domains.includes(application.environment.domain));
  for (const page of pagesOf(possible.filter((one, index) => index % SHARES[name] === 0 || isEnforced(one, name)))) {
    await runPage(browser, name, page, checks, tally);
  }
  tally.close(name, library, Math.round((performance.now() - begin) / 1000), checks);
}

/** Too rare for a sample. */
function isEnforced({ judged }: PreparedCase, name: BrowserName): boolean {
  return judged.some((one) => expect(one, ENGINES[name])?.kinds.includes('enforced'));
}

/** Makes the requests of one page. */
export async function runPage(
  browser: Browser,
  name: BrowserName,
  page: readonly PreparedCase[],
  checks: Checks,
  tally: LibraryTally,
): Promise<void> {
  const { application, from } = page[0] as PreparedCase;
  const scene = { browser, environment: { places: application.places } };
  await openPage(scene, from);
  const readings = await run(scene, from, page.flatMap(requestsOf));
  for (const one of page) {
    const reads = readings.splice(0, one.requests.length).map(parseReading);
    const arrives = one.application.arrivals.take(one.number);
    const { ran } = one.application.built.runs.take(one.number);
    compareCase(name, one, ENGINES[name], { reads, arrives, ran }, checks, tally);
  }
}

/** The cases of each page. A page of the API belongs to one application; others call several. */
export function pagesOf(cases: readonly PreparedCase[]): PreparedCase[][] {
  const pages = new Map<string, PreparedCase[]>();
  for (const one of cases) {
    const key = `${one.from} ${placeOf(one.from, one.application)}`;
    pages.set(key, [...(pages.get(key) ?? []), one]);
  }
  return [...pages.values()];
}

function placeOf(from: PageName, { places }: LibraryApplication): string {
  return from === 'sandbox' ? places.app : places[from as keyof typeof places];
}

function requestsOf({ application, to, path, number, requests }: PreparedCase): PageRequest[] {
  const url = `${application.places[to]}${path}?row=${number}`;
  return requests.map((request) => ({ ...request, url, showAll: true }));
}

function parseReading(text: string): Reading | string {
  if (!text.startsWith('{')) {
    return text;
  }
  const { headers, ...rest } = JSON.parse(text) as Omit<Reading, 'headers'> & { headers: [string, string][] };
  return { ...rest, headers: comparableHeaders(headers) };
}
