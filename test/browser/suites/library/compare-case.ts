import { isDeepStrictEqual } from 'node:util';
import { printCase } from '../../../attack/print.js';
import type { Checks } from '../../checks/checks.js';
import type { Outcome, Reading } from './library-case.js';
import type { LibraryTally } from './library-tally.js';
import type { Engine } from './model/engines.js';
import { type Expected, expect } from './model/expect.js';
import type { PreparedCase } from './prepare-library.js';

const FORBIDDEN = 'no page reads what its policy forbids';
const GRANTED = 'no page is denied what its policy grants';

/** What a browser did with the requests of a case. */
export interface ObservedCase {
  readonly reads: readonly (Reading | string)[];
  readonly arrives: readonly string[];
  readonly ran: readonly string[];
}

/** Compares the results of a case with those that the model expects in an engine. */
export function compareCase(
  client: string,
  prepared: PreparedCase,
  engine: Engine,
  observed: ObservedCase,
  checks: Checks,
  tally: LibraryTally,
): void {
  const { application, number, judged } = prepared;
  const label = `${client}, ${application.name}, case ${number}`;
  const expected = judged.map((one) => expect(one, engine) as Expected);
  const before = checks.failed;
  expected.forEach((one, index) => {
    tally.count(one, application.name);
    const read = observed.reads[index] ?? 'nothing';
    const found = { [FORBIDDEN]: leaked(read, one.reads), [GRANTED]: denied(read, one.reads) };
    for (const [promise, faults] of Object.entries(found)) {
      checks.equal(`${label}: ${promise}`, faults, []);
      tally.check(promise, faults.length === 0);
    }
  });
  const arrives = acceptable(expected, observed.arrives);
  checks.equal(`${label}: the requests that arrive`, observed.arrives, arrives);
  const ran = expected.flatMap((one) => one.ran);
  const mayStop = expected.some((one) => one.mayStop);
  checks.equal(`${label}: the handlers that run`, mayStop ? ran.slice(0, 0) : observed.ran, mayStop ? [] : ran);
  if (checks.failed > before) {
    checks.explain(printCase({ application: application.plan, requests: [] }));
    checks.explain(JSON.stringify({ from: prepared.from, path: prepared.path, requests: prepared.requests }));
  }
}

/** What a page read although it must not: the response, or headers of it. */
function leaked(read: Reading | string, expected: Outcome['reads']): string[] {
  if (typeof read === 'string') {
    return [];
  }
  return typeof expected === 'string'
    ? [`the response ${read.status}`]
    : Object.keys(read.headers).filter((name) => !(name in expected.headers));
}

/** What a page did not read although its policy grants it. */
function denied(read: Reading | string, expected: Outcome['reads']): unknown[] {
  if (typeof expected === 'string') {
    return typeof read !== 'string' || read === expected ? [] : [`${read} instead of ${expected}`];
  }
  if (typeof read === 'string') {
    return [`${read} instead of the response ${expected.status}`];
  }
  const { headers, ...rest } = expected;
  const { headers: readHeaders, ...readRest } = read;
  return [
    ...(isDeepStrictEqual(readRest, rest) ? [] : [{ read: readRest, expected: rest }]),
    ...Object.entries(headers)
      .filter(([name, value]) => readHeaders[name] !== value)
      .map(([name, value]) => `${name} is ${readHeaders[name]} instead of ${value}`),
  ];
}

/** The expected arrivals. The second request of a case may do without its preflight, if the first one was cached. */
function acceptable(expected: readonly Expected[], arrives: readonly string[]): readonly string[] {
  const all = expected.flatMap((one) => one.arrives);
  const [first, second] = expected;
  const cached = [...(first?.arrives ?? []), ...(second?.arrives.slice(1) ?? [])];
  return expected.length === 2 && second?.arrives.length === 2 && isDeepStrictEqual(arrives, cached) ? cached : all;
}
