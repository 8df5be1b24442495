import { sourcesOf } from '../boot/policies/option-sources.js';
import { judge, type Verdict } from '../browser/judge.js';
import type { PageHeader } from '../browser/page-request.js';
import { KNOWN_METHODS } from '../http/preflight/preflight.js';
import { nearMiss } from '../origin/near-miss.js';
import { lowerCaseName } from '../policy/header-names.js';
import { isUnknownRoute } from '../policy/policy-source.js';
import { opened, placed } from './correct-request.js';
import type { CorsExplanation } from './cors-explanation.js';
import {
  answerStandIns,
  type ExplainedApplication,
  type ExplainedRequest,
  failedCheck,
  missingHeadersOf,
} from './explained-request.js';
import { type ExplanationFacts, explanationText } from './explanation-text.js';
import { findFailures, refusedUnder } from './failures.js';
import { readRequest } from './read-request.js';
import type { RecordedHeaders } from './stand-in.js';

const NOTHING: readonly never[] = Object.freeze([]);
const NO_HEADERS: RecordedHeaders = Object.freeze({});
const NO_NAMES = Object.freeze({ chromium: undefined, firefox: undefined, webkit: undefined });

/**
 * Explains what happens to a request of a page. The code that answers requests answers stand-ins of it, so that an
 * explanation and a real request cannot differ.
 *
 * @throws TypeError for a request that no page can make
 */
export async function explain(application: ExplainedApplication, given: unknown): Promise<CorsExplanation> {
  const request = await answerStandIns(application, readRequest(given));
  const { preflight, actual, subject } = request;
  const [first, ...others] = findFailures(request);
  // Another method reaches another handler.
  const corrected = first?.reason === 'method-unknown' ? await inUpperCase(application, request) : undefined;
  const isKnown = isOutcomeKnown(request);
  const verdict = isKnown ? verdictOf(request) : undefined;
  const reason = first?.reason ?? (isKnown ? 'allowed' : 'no-policy');
  const written = placed(request, application);
  const openedRequest = opened(reason, written, application);
  const remaining = openedRequest ?? placed(corrected ?? request, application);
  const next = openedRequest
    ? refusedUnder(openedRequest.request)
    : (corrected ? findFailures(corrected) : others).map((failure) => failure.reason);
  const facts: ExplanationFacts = {
    readable: isKnown ? (verdict?.readable ?? false) : undefined,
    step: first?.step,
    reason,
    next: Object.freeze(next),
    target: subject.target,
    handler: 'handler' in subject && subject.handler !== undefined ? subject.target : undefined,
    preflight: Object.freeze({
      needed: preflight !== undefined,
      because: preflight?.because ?? NOTHING,
      status: preflight?.answer.status,
      headers: preflight?.answer.headers ?? NO_HEADERS,
    }),
    response: Object.freeze({ headers: actual.headers }),
    missingHeaders: inOrder(request.page.headers, missingHeadersOf(remaining.request)),
    nearMiss: nearMissOf(corrected ?? request),
    sources: sourcesOf(subject, application.levels.of(subject)),
    browsers: verdict === undefined ? NO_NAMES : namesOf(verdict),
  };
  const text = explanationText(facts, written, remaining, application);
  return Object.freeze(Object.defineProperty({ ...facts }, 'toString', { value: () => text }));
}

/** The same request with its method in upper case; `undefined` if no server knows that one either. */
async function inUpperCase(
  application: ExplainedApplication,
  { page, target, host, encrypted, sameOrigin }: ExplainedRequest,
): Promise<ExplainedRequest | undefined> {
  const method = page.method.toUpperCase();
  return KNOWN_METHODS.has(method)
    ? answerStandIns(application, { page: { ...page, method }, target, host, encrypted, sameOrigin })
    : undefined;
}

/** Names in the order in which the page sets them. */
function inOrder(headers: readonly PageHeader[], names: readonly string[]): readonly string[] {
  const written = new Set(headers.map(({ name }) => lowerCaseName(name)));
  return Object.freeze([...written].filter((name) => names.includes(name)));
}

function nearMissOf({ page: { origin }, refusals, actual, subject }: ExplainedRequest): CorsExplanation['nearMiss'] {
  const { origins } = subject.policy;
  const isRefused = [...refusals, actual.refusal].some((refusal) => refusal?.reason.startsWith('origin-'));
  return isRefused && origins !== undefined ? nearMiss(origins, origin) : undefined;
}

/**
 * Whether the answers of the application show what a real request gets. Not on an untouched route, and not where code
 * of the application threw: a predicate, a resolver, or what the platform calls to find the host or version.
 */
function isOutcomeKnown(request: ExplainedRequest): boolean {
  const { sameOrigin, preflight, actual, subject } = request;
  if (sameOrigin) {
    return true;
  }
  if (failedCheck(request) !== undefined || (isUnknownRoute(subject.target) && !('handler' in subject))) {
    return false;
  }
  if (actual.enforced) {
    return true;
  }
  if (preflight !== undefined && preflight.answer.status === undefined) {
    return preflight.answer.refusal?.reason === 'method-unknown';
  }
  return preflight?.answer.isRefused === true || actual.match.policy.state !== 'untouched';
}

/** The verdict of a browser; `undefined` if the platform answers the preflight. */
function verdictOf({ page, preflight, actual }: ExplainedRequest): Verdict | undefined {
  const response = { status: actual.enforced ? 403 : 200, headers: linesOf(actual.headers) };
  if (preflight === undefined) {
    return judge(page, { response });
  }
  const { status, headers } = preflight.answer;
  return status === undefined ? undefined : judge(page, { preflight: { status, headers: linesOf(headers) }, response });
}

function namesOf({ browsers: { chromium, firefox, webkit } }: Verdict): CorsExplanation['browsers'] {
  return Object.freeze({ chromium: chromium.name, firefox: firefox.name, webkit: webkit.name });
}

function linesOf(headers: RecordedHeaders): { readonly name: string; readonly value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}
