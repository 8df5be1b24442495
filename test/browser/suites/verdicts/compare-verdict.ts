import type { Verdict } from '../../../../src/browser/judge.js';
import { readableHeaders } from '../../../../src/browser/readable-headers.js';
import type { BrowserName, ReportedFailure } from '../../browsers/browser.js';
import type { Exchange } from '../../servers/exchanges.js';
import type { Row } from '../matrix/row.js';
import type { JudgedRow } from './judge-row.js';

/** What a browser did with one row. */
export interface RowOutcome {
  readonly reads: string;
  readonly exchanges: readonly Exchange[];
  /** In the order of the reports; `undefined` if the driver of the browser delivers none. */
  readonly reported: readonly ReportedFailure[] | undefined;
}

/** What a browser did, in the form of {@link expectedOutcome}. */
export function observedOutcome({ reads, exchanges, reported }: RowOutcome, { show = [] }: Row, { asked }: JudgedRow) {
  return {
    readable: reads !== 'blocked',
    sends: exchanges.map(
      ({ preflight, origin }) => `${preflight ? 'preflight' : 'request'} from ${origin ?? asked.origin}`,
    ),
    shows: show.filter((name) => !reads.includes(`${name}=-`)),
    ...(reported && { names: namesOf(reported), parameter: reported[0]?.parameter || undefined }),
  };
}

/** What a browser must do by the verdict of the library. */
export function expectedOutcome(judged: JudgedRow, { show = [] }: Row, browser: BrowserName, outcome: RowOutcome) {
  const { last, request, exchange, sends } = judged;
  const shown = exchange === undefined ? [] : readableHeaders(request, exchange.response);
  const observed = outcome.reported?.[0]?.parameter;
  return {
    readable: last.readable,
    sends,
    shows: last.readable ? show.filter((name) => shown.includes(name)) : [],
    ...(outcome.reported && {
      names: expectedNames(last, browser),
      parameter: browser === 'chromium' ? parameterOf(last, observed) : undefined,
    }),
  };
}

/** The names under which a browser must report a failure: one or none. */
export function expectedNames(verdict: Verdict, browser: BrowserName): string[] {
  const { name } = verdict.browsers[browser];
  return name === undefined ? [] : [name];
}

/** The first name only: Firefox adds a second one to every failed preflight. */
export function namesOf(reported: readonly ReportedFailure[]): string[] {
  return reported.slice(0, 1).map(({ name }) => name);
}

/** Chromium names one of several refused headers, and not always the same one. */
function parameterOf({ failed, refusedHeaders, browsers }: Verdict, observed: string | undefined): string | undefined {
  const isOneOfSeveral = failed[0] === 'headers' && observed !== undefined && refusedHeaders.includes(observed);
  return (isOneOfSeveral ? observed : browsers.chromium.parameter) || undefined;
}
