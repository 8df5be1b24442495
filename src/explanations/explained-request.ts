import type { PolicyLevels } from '../boot/policies/policy-levels.js';
import { joinHeaders, type Preflight, preflightOf } from '../browser/preflight.js';
import type { PolicyMatch } from '../http/exchange.js';
import type { RawRequest } from '../http/http-platform.js';
import type { PolicyLookup } from '../http/policy-lookup.js';
import { KNOWN_METHODS } from '../http/preflight/preflight.js';
import { type PolicyRefusal, refusalsOf } from '../policy/refusals.js';
import type { ReportResolverEvent, ResolverEvent } from '../resolver/resolver-event.js';
import type { ReadRequest } from './read-request.js';
import { type ActualAnswer, type PreflightAnswer, recordActual, recordPreflight } from './record-answers.js';
import { standInRequest } from './stand-in.js';

/** The parts of an application that explanations need. */
export interface ExplainedApplication {
  readonly lookup: PolicyLookup;
  readonly levels: PolicyLevels;
  /** Passes every failure of a predicate or resolver on, until the returned function is called. */
  observeResolvers(observe: ReportResolverEvent): () => void;
}

/** A preflight that a browser sends, and its answer. */
export interface AnsweredPreflight extends Preflight {
  readonly answer: PreflightAnswer;
}

/** A request of a page, and what an application answers. */
export interface ExplainedRequest extends ReadRequest {
  /** `undefined` if the browser sends none. */
  readonly preflight: AnsweredPreflight | undefined;
  readonly actual: ActualAnswer;
  /** What the explanation is about: the match of the request, or a handler that its preflight may be for instead. */
  readonly subject: PolicyMatch;
  /** Every reason for which the policy of the subject refuses the preflight. */
  readonly refusals: readonly PolicyRefusal[];
  /** The errors that predicates and resolvers threw meanwhile. */
  readonly errors: readonly ResolverEvent[];
}

/** Lets an application answer stand-ins of a request and of its preflight. */
export async function answerStandIns(
  { lookup, observeResolvers }: Omit<ExplainedApplication, 'levels'>,
  request: ReadRequest,
): Promise<ExplainedRequest> {
  const { origin } = request.page;
  const errors: ResolverEvent[] = [];
  const stop = observeResolvers((event) => {
    if (event.origin === origin && (event.code === 'resolver-threw' || event.code === 'resolver-rejected')) {
      errors.push(event);
    }
  });
  try {
    const due = preflightOf(request.page);
    const preflight = due && { ...due, answer: await recordPreflight(lookup, preflightRequest(request, due)) };
    const actual = await recordActual(lookup, actualRequest(request));
    const subject = preflight?.answer.isRefused ? refusedMatch(lookup, request, preflight, actual.match) : actual.match;
    const refusals = preflight?.answer.isRefused ? refusalsOfPreflight(request, preflight, subject, actual) : [];
    return { ...request, preflight, actual, subject, refusals, errors };
  } finally {
    stop();
  }
}

function preflightRequest(request: ReadRequest, { method, headers }: Preflight): RawRequest {
  return standInRequest(
    'OPTIONS',
    request.target,
    {
      ...commonHeaders(request),
      'access-control-request-method': method,
      ...(headers.length === 0 ? {} : { 'access-control-request-headers': headers.join(',') }),
    },
    request.encrypted,
  );
}

function actualRequest(request: ReadRequest): RawRequest {
  const { page, target, encrypted, sameOrigin } = request;
  const headers: Record<string, string> = commonHeaders(request);
  for (const [name, value = ''] of joinHeaders(page.headers)) {
    headers[name] = value;
  }
  if (sameOrigin) {
    headers['sec-fetch-site'] = 'same-origin';
  }
  return standInRequest(page.method, target, headers, encrypted);
}

function commonHeaders({ host, page: { origin } }: ReadRequest): Record<string, string> {
  return host === undefined ? { origin } : { host, origin };
}

/**
 * The match whose policy refuses a preflight. Where the preflight may be for several handlers, all of them refuse it:
 * the handler of the request is the one that the page needs.
 */
function refusedMatch(
  { platform }: PolicyLookup,
  { target: url }: ReadRequest,
  { method, headers, answer }: AnsweredPreflight,
  actual: PolicyMatch,
): PolicyMatch {
  const requestedHeaders = headers.length === 0 ? undefined : headers.join(',');
  const candidates = platform.candidates({ request: answer.request, url, method, requestedHeaders, preflight: true });
  return (
    candidates.find((candidate) => candidate === actual) ??
    candidates.find(({ target }) => target === answer.refusal?.target) ??
    actual
  );
}

function refusalsOfPreflight(
  { page: { origin } }: ReadRequest,
  { method, headers, answer }: AnsweredPreflight,
  { policy, target }: PolicyMatch,
  actual: ActualAnswer,
): readonly PolicyRefusal[] {
  const reason = answer.refusal?.reason;
  const originAllowed = policy === actual.match.policy ? actual.originAllowed : reason !== 'origin-not-allowed';
  const refusals = refusalsOf(policy, {
    origin,
    originAllowed,
    requestedMethod: method,
    requestedHeaders: headers.length === 0 ? undefined : headers.join(','),
    knownMethods: KNOWN_METHODS,
  });
  // A predicate may answer the preflight and the request differently. What it answered the preflight counts first.
  const isOwn = reason !== undefined && answer.refusal?.target === target;
  const isKnown = refusals[0]?.reason === reason;
  return isOwn && !isKnown
    ? [{ reason, missingHeaders: [] }, ...refusals.filter((one) => one.reason !== reason)]
    : refusals;
}
