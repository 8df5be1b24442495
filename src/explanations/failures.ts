import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { CorsExplanation, ExplanationReason } from './cors-explanation.js';
import type { ExplainedRequest } from './explained-request.js';
import type { RecordedHeaders } from './stand-in.js';

/** One thing that keeps a page from reading the response. */
export interface ExplainedFailure {
  readonly step: NonNullable<CorsExplanation['step']>;
  readonly reason: ExplanationReason;
}

/** Everything that keeps a page from reading the response, in the order in which it shows. Each reason once. */
export function findFailures(request: ExplainedRequest): readonly ExplainedFailure[] {
  const failures = request.sameOrigin ? [] : [...preflightFailures(request), ...actualFailures(request)];
  return failures.filter(({ reason }, index) => failures.findIndex((one) => one.reason === reason) === index);
}

function preflightFailures({ page, preflight, subject, refusals }: ExplainedRequest): ExplainedFailure[] {
  if (preflight === undefined) {
    return [];
  }
  const { isRefused, status, headers, refusal } = preflight.answer;
  if (status === undefined) {
    // The platform answers. It cannot answer the request itself if its method does not exist.
    return refusal?.reason === 'method-unknown' ? [{ step: 'preflight', reason: 'method-unknown' }] : [];
  }
  const reasons: (ExplanationReason | undefined)[] = refusals.map(({ reason }) => reason);
  if (page.credentials) {
    reasons.push(isRefused ? refusesCredentials(subject.policy) : lacksCredentials(headers));
  }
  return reasons.flatMap((reason) => (reason === undefined ? [] : [{ step: 'preflight', reason }]));
}

function actualFailures({ page, actual }: ExplainedRequest): ExplainedFailure[] {
  const { enforced, refusal, headers, match } = actual;
  const reason = refusal?.because ?? refusal?.reason;
  const isRefused = enforced || (reason !== undefined && match.policy.state !== 'untouched');
  const failures: ExplainedFailure[] =
    isRefused && reason ? [{ step: enforced ? 'enforcement' : 'response', reason }] : [];
  const credentials =
    !page.credentials || match.policy.state === 'untouched'
      ? undefined
      : isRefused
        ? refusesCredentials(match.policy)
        : lacksCredentials(headers);
  return credentials === undefined ? failures : [...failures, { step: 'response', reason: credentials }];
}

/** Why a policy that allows the origin would refuse a request. */
export function refusedUnder({ page, subject, refusals }: ExplainedRequest): readonly ExplanationReason[] {
  const credentials = page.credentials ? refusesCredentials(subject.policy) : undefined;
  return [...refusals.map(({ reason }) => reason), ...(credentials === undefined ? [] : [credentials])];
}

/** Why credentials would be refused under a policy, if the rest were allowed. */
function refusesCredentials({ state, anyOrigin, credentials }: CompiledPolicy): ExplanationReason | undefined {
  if (state !== 'open' || credentials) {
    return undefined;
  }
  return anyOrigin ? 'wildcard-with-credentials' : 'credentials-not-allowed';
}

/**
 * Why the browser refuses credentials with an answer that allows the origin.
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
function lacksCredentials(headers: RecordedHeaders): ExplanationReason | undefined {
  if (headers['access-control-allow-origin'] === '*') {
    return 'wildcard-with-credentials';
  }
  return headers['access-control-allow-credentials'] === 'true' ? undefined : 'credentials-not-allowed';
}
