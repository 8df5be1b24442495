import type { PolicyLevels } from '../boot/policies/policy-levels.js';
import { joinHeaders, type Preflight, preflightOf } from '../browser/preflight.js';
import type { PolicyMatch } from '../http/exchange.js';
import type { RawRequest } from '../http/http-platform.js';
import type { PolicyLookup } from '../http/policy-lookup.js';
import { KNOWN_METHODS } from '../http/preflight/preflight.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { type PolicyRefusal, refusalsOf } from '../policy/refusals.js';
import type { ReportResolverEvent, ResolverEvent } from '../resolver/resolver-event.js';
import type { ReadRequest } from './read-request.js';
import { type ActualAnswer, type PreflightAnswer, recordActual, recordPreflight } from './record-answers.js';
import { standInRequest } from './stand-in.js';

const NO_NAMES: readonly string[] = Object.freeze([]);

/** The parts of an application that explanations need. */
export interface ExplainedApplication {
  readonly lookup: PolicyLookup;
  readonly levels: PolicyLevels;
  /** Passes every failure of a predicate or resolver on, until the returned function is called. */
  observeResolvers(observe: ReportResolverEvent): () => void;
  /** The name that the predicate or resolver of a policy has in its failures. */
  resolverOf(policy: CompiledPolicy): string | undefined;
}

/** A preflight that a browser sends, and its answer. */
export interface AnsweredPreflight extends Preflight {
  /** The value of Access-Control-Request-Headers. */
  readonly requestedHeaders: string | undefined;
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
  /** The errors that the predicates and resolvers of the request threw. */
  readonly errors: readonly ResolverEvent[];
}

/** Lets an application answer stand-ins of a request and of its preflight. */
export async function answerStandIns(
  { lookup, observeResolvers, resolverOf }: Omit<ExplainedApplication, 'levels'>,
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
    const preflight = await answerPreflight(lookup, request);
    const actual = await recordActual(lookup, actualRequest(request));
    const subject = subjectOf(preflight?.answer, actual.match);
    const refusals = preflight?.answer.isRefused ? refusalsOfPreflight(origin, preflight, subject, actual) : [];
    // Other requests of this origin may run at the same time.
    const resolvers = [actual.match, ...(preflight?.answer.candidates ?? [])].map(({ policy }) => resolverOf(policy));
    const own = errors.filter(({ resolver }) => resolvers.includes(resolver));
    return { ...request, preflight, actual, subject, refusals, errors: own };
  } finally {
    stop();
  }
}

/** The requested header names that the policy of the subject does not allow. */
export function missingHeadersOf({ refusals }: ExplainedRequest): readonly string[] {
  return refusals.find(({ reason }) => reason === 'header-not-allowed')?.missingHeaders ?? NO_NAMES;
}

/** The error of a predicate or resolver, if the origin is denied. A real request may not cause it. */
export function failedCheck({ errors, refusals, actual }: ExplainedRequest): ResolverEvent | undefined {
  const isDenied = [...refusals, actual.refusal].some((refusal) => refusal?.reason === 'origin-not-allowed');
  return isDenied ? errors[0] : undefined;
}

async function answerPreflight(lookup: PolicyLookup, request: ReadRequest): Promise<AnsweredPreflight | undefined> {
  const preflight = preflightOf(request.page);
  if (preflight === undefined) {
    return undefined;
  }
  const { method, headers } = preflight;
  const requestedHeaders = headers.length === 0 ? undefined : headers.join(',');
  const sent: Record<string, string> = { ...commonHeaders(request), 'access-control-request-method': method };
  if (requestedHeaders !== undefined) {
    sent['access-control-request-headers'] = requestedHeaders;
  }
  const standIn = standInRequest('OPTIONS', request.target, sent, request.encrypted);
  return {
    ...preflight,
    requestedHeaders,
    answer: await recordPreflight(lookup, standIn, { method, requestedHeaders }),
  };
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
 * The match whose policy is explained. A preflight that may be for several handlers is refused if all of them refuse
 * it: then the handler of the request is the one that the page needs, or the reported one if none is reached.
 */
function subjectOf(answer: PreflightAnswer | undefined, actual: PolicyMatch): PolicyMatch {
  if (answer?.isRefused !== true || answer.candidates.some((candidate) => candidate === actual)) {
    return actual;
  }
  return answer.candidates.find(({ target }) => target === answer.refusal?.target) ?? actual;
}

function refusalsOfPreflight(
  origin: string,
  { method, requestedHeaders, answer }: AnsweredPreflight,
  { policy, target }: PolicyMatch,
  actual: ActualAnswer,
): readonly PolicyRefusal[] {
  const reason = answer.refusal?.reason;
  const refusals = refusalsOf(policy, {
    origin,
    originAllowed: policy === actual.match.policy ? actual.originAllowed : reason !== 'origin-not-allowed',
    requestedMethod: method,
    requestedHeaders,
    knownMethods: KNOWN_METHODS,
  });
  if (reason === undefined || answer.refusal?.target !== target) {
    return refusals;
  }
  // A predicate may answer the preflight and the request differently. The answer to the preflight counts first.
  const first = refusals.find((one) => one.reason === reason) ?? { reason, missingHeaders: [] };
  return [first, ...refusals.filter((one) => one !== first)];
}
