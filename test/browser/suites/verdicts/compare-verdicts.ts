import type { CorsExplanation } from 'nestjs-cors';
import { type PageRequest as JudgedRequest, parseUrl } from '../../../../src/browser/page-request.js';
import type { Checks } from '../../checks/checks.js';
import type { Environment, Scene } from '../../environment.js';
import type { PageRequest } from '../../page/page-request.js';
import type { Exchange } from '../../servers/exchanges.js';
import type { Row } from '../matrix/row.js';
import { expectedExplanation, explainedOutcome } from './compare-explanation.js';
import { expectedNames, expectedOutcome, observedOutcome } from './compare-verdict.js';
import { judgeRow } from './judge-row.js';
import { takeFailures } from './reported-failures.js';
import type { VerdictTally } from './verdict-tally.js';

/** One row, and what a browser did with it. */
export interface ObservedRow {
  readonly label: string;
  readonly row: Row;
  readonly request: PageRequest;
  readonly reads: string;
  readonly exchanges: readonly Exchange[];
}

/**
 * Whether the library has a verdict on a row. It has none on forms, which are no fetch, on watched uploads, which force a
 * preflight, and on redirects that are not followed.
 */
export function isJudged({ by, redirect }: Row): boolean {
  return by === undefined && redirect === undefined;
}

/** Compares what the browser did with the rows of one page with the verdict of the library. */
export async function compareVerdicts(
  { browser, browserName, environment }: Scene,
  rows: readonly ObservedRow[],
  checks: Checks,
  tally: VerdictTally,
): Promise<void> {
  const judging = rows.map((observed) => ({
    ...observed,
    judged: judgeRow(judgedRequest(observed, environment), observed.exchanges, (url) => isApi(url, environment)),
  }));
  const unnamed = new Set(
    judging.filter(({ judged }) => expectedNames(judged.last, browserName).length > 0).map(({ row }) => row.name),
  );
  const reported = await takeFailures(browser, (reports) => {
    for (const { url } of reports) {
      unnamed.delete(rowOf(url));
    }
    return unnamed.size === 0;
  });
  for (const { label, row, judged, reads, exchanges } of judging) {
    const ofRow = reported?.filter(({ url }) => rowOf(url) === row.name);
    const outcome = {
      reads,
      exchanges: exchanges.slice(0, judged.sends.length + (row.continuePath ? 0 : 1)),
      reported: ofRow,
    };
    checks.equal(
      `${label}: the verdict`,
      observedOutcome(outcome, row, judged),
      expectedOutcome(judged, row, browserName, outcome),
    );
    tally.count('verdicts');
    if (ofRow !== undefined && ofRow.length > 0) {
      tally.count('names');
    }
    if (judged.asked.mode === 'cors') {
      const name = `${label}: the explanation`;
      const explanation = await explain(judged.asked, environment);
      if (explanation instanceof Error) {
        checks.equal(name, explanation.name, judged.first.step === 'request' ? 'TypeError' : 'no error');
      } else {
        const explained = explainedOutcome(explanation, browserName, judged);
        checks.equal(name, explained, expectedExplanation(judged, browserName));
      }
      tally.count('explanations');
    }
  }
}

function judgedRequest({ row, request }: ObservedRow, { places }: Environment): JudgedRequest {
  return {
    origin: originOf(row.from, places),
    url: request.url,
    method: request.method ?? 'GET',
    headers: Object.entries(request.headers ?? {}).map(([name, value]) => ({ name, value })),
    credentials: request.credentials === 'include',
    mode: request.mode === 'no-cors' ? 'no-cors' : 'cors',
  };
}

/** The explanation, or the error for a request that no page can make. */
function explain(
  { origin, url, method, headers, credentials }: JudgedRequest,
  { app }: Environment,
): Promise<CorsExplanation | Error> {
  const values = Object.fromEntries(headers.map(({ name, value = '' }) => [name, value]));
  return app.explain({ origin, url, method, headers: values, credentials }).catch((error: Error) => error);
}

/** The row in the query of a URL. */
function rowOf(url: string): string {
  return parseUrl(url)?.searchParams.get('row') ?? '';
}

function originOf(from: Row['from'], places: Environment['places']): string {
  switch (from) {
    case 'sandbox':
      return 'null';
    case 'appInCapitals':
    case 'appWithoutReferrer':
      return places.app;
    case 'apiWithoutReferrer':
      return places.api;
    default:
      return places[from];
  }
}

function isApi(url: string, { places }: Environment): boolean {
  return [places.api, places.otherApi].includes(new URL(url).origin);
}
