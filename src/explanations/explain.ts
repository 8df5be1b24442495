import type { EffectivePolicy } from '../boot/policies/policy-levels.js';
import { judge, type Verdict } from '../browser/judge.js';
import { nearMiss } from '../origin/near-miss.js';
import { POLICY_PROPERTIES } from '../policy/policy-options.js';
import { isUnknownRoute } from '../policy/policy-source.js';
import type { CorsExplanation } from './cors-explanation.js';
import { answerStandIns, type ExplainedApplication, type ExplainedRequest } from './explained-request.js';
import { type ExplanationFacts, explanationText } from './explanation-text.js';
import { findFailures } from './failures.js';
import { readRequest } from './read-request.js';
import type { RecordedHeaders } from './stand-in.js';

const NOTHING = Object.freeze([]);
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
  const { preflight, actual, subject, refusals, page } = request;
  const { policy, target } = subject;
  const [first, ...others] = findFailures(request);
  const isKnown = isOutcomeKnown(request);
  const verdict = isKnown ? verdictOf(request) : undefined;
  const effective = application.levels.of(subject);
  const isAboutOrigin = [first, ...others].some((failure) => failure?.reason.startsWith('origin-'));
  const facts: ExplanationFacts = {
    readable: isKnown ? (verdict?.readable ?? false) : undefined,
    step: first?.step,
    reason: first?.reason ?? (isKnown ? 'allowed' : 'no-policy'),
    next: Object.freeze(others.map(({ reason }) => reason)),
    target,
    handler: 'handler' in subject && subject.handler !== undefined ? target : undefined,
    preflight: Object.freeze({
      needed: preflight !== undefined,
      because: preflight?.because ?? NOTHING,
      status: preflight?.answer.status,
      headers: preflight?.answer.headers ?? NO_HEADERS,
    }),
    response: Object.freeze({ headers: actual.headers }),
    missingHeaders: refusals.find(({ reason }) => reason === 'header-not-allowed')?.missingHeaders ?? NOTHING,
    nearMiss: isAboutOrigin && policy.origins ? nearMiss(policy.origins, page.origin) : undefined,
    sources: sourcesOf(effective),
    browsers: verdict === undefined ? NO_NAMES : namesOf(verdict),
  };
  const text = explanationText(facts, request, effective);
  return Object.freeze(Object.defineProperty({ ...facts }, 'toString', { value: () => text }));
}

/**
 * Whether the answers of the application show what a real request gets. Not on an untouched route, and not where code
 * of the application threw: a predicate, a resolver, or what the platform calls to find the host or version.
 */
function isOutcomeKnown({ sameOrigin, preflight, actual, subject, refusals, errors }: ExplainedRequest): boolean {
  if (sameOrigin || actual.enforced) {
    return true;
  }
  if (isUnknownRoute(subject.target) && !('handler' in subject)) {
    return false;
  }
  const isDenied = [...refusals, actual.refusal].some((refusal) => refusal?.reason === 'origin-not-allowed');
  if (errors.length > 0 && isDenied) {
    return false;
  }
  if (preflight !== undefined && preflight.answer.status === undefined) {
    return preflight.answer.refusal?.reason === 'method-unknown';
  }
  return preflight?.answer.isRefused === true || actual.match.policy.state !== 'untouched';
}

function sourcesOf({ sources, withoutOriginAt }: EffectivePolicy): Readonly<Record<string, string>> {
  const places = POLICY_PROPERTIES.map((name) => [name, sources[name] ?? 'default'] as const);
  return Object.freeze({
    ...Object.fromEntries(places),
    ...(withoutOriginAt === undefined ? {} : { origin: withoutOriginAt }),
  });
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
