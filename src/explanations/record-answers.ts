import { CorsRequestHandling } from '../http/cors-request-handling.js';
import { type Exchange, exchangeOf, type PolicyMatch } from '../http/exchange.js';
import { applyDecision } from '../http/head/head-writer.js';
import { NO_CANDIDATES, type RawRequest, type RouteQuery } from '../http/http-platform.js';
import type { PolicyLookup } from '../http/policy-lookup.js';
import { KNOWN_METHODS } from '../http/preflight/preflight.js';
import { withholdDecision } from '../http/reports/decision-channel.js';
import type { Refusal } from '../http/reports/request-reports.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { type RecordedHeaders, StandInResponse } from './stand-in.js';

/** What the application does with a preflight. */
export interface PreflightAnswer {
  /** Every handler that it may be for. */
  readonly candidates: readonly RouteEntry[];
  readonly isRefused: boolean;
  /** `undefined` if the preflight is passed on to the platform. */
  readonly status: number | undefined;
  readonly headers: RecordedHeaders;
  /** What would be logged. */
  readonly refusal: Refusal | undefined;
}

/** What the application does with the request itself. */
export interface ActualAnswer {
  readonly match: PolicyMatch;
  /** The answer of the predicate or resolver; `undefined` if it was not called. */
  readonly originAllowed: boolean | undefined;
  /** Whether `enforce` keeps the handler from running. */
  readonly enforced: boolean;
  readonly headers: RecordedHeaders;
  /** What would be logged. */
  readonly refusal: Refusal | undefined;
}

/**
 * Lets the code that answers preflights answer one.
 * @param asked what the preflight asks for, as its headers say
 */
export async function recordPreflight(
  lookup: PolicyLookup,
  raw: RawRequest,
  asked: Pick<RouteQuery, 'method' | 'requestedHeaders'>,
): Promise<PreflightAnswer> {
  const { request, response, isAnswered, refusals } = await handle(lookup, raw);
  const refusal = refusals[0];
  const status = isAnswered ? response.statusCode : undefined;
  // A preflight whose handling failed is refused without a report.
  const isRefused = isAnswered && (refusal !== undefined || status === 403);
  const query: RouteQuery = { ...asked, request, url: raw.url ?? '', preflight: true };
  return { candidates: candidatesOf(lookup, query), isRefused, status, headers: response.headers, refusal };
}

function candidatesOf({ platform }: PolicyLookup, query: RouteQuery): readonly RouteEntry[] {
  try {
    return platform.candidates(query);
  } catch {
    return NO_CANDIDATES; // code of the application threw, so the preflight is refused
  }
}

/** Lets the code that handles actual requests decide about one. Its handler does not run. */
export async function recordActual(lookup: PolicyLookup, raw: RawRequest): Promise<ActualAnswer> {
  const { handling, response, isAnswered, refusals } = await handle(lookup, raw);
  const exchange = exchangeOf(response, handling.responseKey) as Exchange;
  const match = handling.matchOf(exchange);
  if ('handler' in match) {
    exchange.entry = match; // the router would note it
  }
  const enforced = isAnswered || handling.enforcement.refusalOf(response) !== undefined;
  const decision = handling.decisionAtHead(response, undefined);
  if (decision !== undefined) {
    applyDecision(response, undefined, decision, false);
  }
  const originAllowed = exchange.verdictOf(match.policy);
  // Node answers 400 to a method that it does not know, and the application does not see the request.
  const headers = KNOWN_METHODS.has(exchange.method) ? response.headers : Object.freeze({});
  return { match, originAllowed, enforced, headers, refusal: refusals[0] };
}

/** Handles a request as when it arrives, with reports that are not logged. */
async function handle(lookup: PolicyLookup, raw: RawRequest) {
  const refusals: Refusal[] = [];
  const handling = new CorsRequestHandling(
    {
      refused: (refusal) => refusals.push(refusal),
      rewritten() {},
      decidedByNested() {},
      headersRemoved() {},
      embedsBlocked() {},
    },
    lookup,
  );
  const { platform } = lookup;
  const response = new StandInResponse(raw);
  withholdDecision(response);
  const request = platform.requestOf(raw);
  platform.present(request, response); // host and version filters read the platform's request
  const isAnswered = (await handling.early(request, raw, response)) === 'answered';
  return { handling, request, response, isAnswered, refusals };
}
