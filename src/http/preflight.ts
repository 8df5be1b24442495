import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decidePreflight } from '../policy/decide.js';
import type { CorsDecision, CorsRequestFacts } from '../policy/decision.js';
import { explainPreflight } from '../policy/explain-preflight.js';
import type { PathMatch } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { isSameOrigin } from './enforcement.js';
import type { GuardedResponse } from './head-guard.js';
import type { EarlyAnswer, HttpPlatform, RawRequest, RouteQuery } from './http-platform.js';
import { originContext } from './origin-context.js';
import type { PolicyTable } from './policy-table.js';
import { writePreflight } from './preflight-writer.js';
import type { ReportRefusal } from './refusal.js';
import { isAnswered, type ResponseSlots, type ResponseState, type SlottedResponse } from './response-state.js';

/** What answering preflights needs of an application. */
export interface PreflightPolicies {
  readonly slots: ResponseSlots;
  readonly platform: HttpPlatform;
  readonly policies: PolicyTable;
  readonly report: ReportRefusal;
  /** The policy of what no controller takes. */
  unrouted(url: string): PathMatch;
  /** Asks the predicate or resolver of a policy; `undefined` where there is none or it is not asked. */
  askOrigin(
    policy: CompiledPolicy,
    origin: string,
    context: () => OriginContext,
  ): boolean | undefined | Promise<boolean>;
}

/** One policy a preflight may be about, and what it says. */
interface Considered {
  readonly policy: CompiledPolicy;
  readonly facts: CorsRequestFacts;
  readonly decision: CorsDecision;
}

/** The methods whose handlers may share a URL with a method that no handler takes. */
const METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const STATUS_REFUSED = 403;
const STATUS_EXPLAINED = 204;

/**
 * Answers a preflight with the policy of the handler that the actual request will reach. Where the version is not
 * part of the URL several handlers may be meant; one of them must allow everything that is asked.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function answerPreflight(
  handling: PreflightPolicies,
  request: unknown,
  raw: RawRequest,
  response: object,
  origin: string,
  requestedMethod: string,
): EarlyAnswer {
  const url = raw.url ?? '';
  const requestedHeaders = raw.headers['access-control-request-headers'] as string | undefined;
  const candidates = handling.platform.candidates({
    request,
    method: requestedMethod,
    url,
    requestedHeaders,
    preflight: true,
  });
  const only = candidates.length === 0 ? handling.unrouted(url).policy : (candidates[0] as RouteEntry).policy;
  if (only.state === 'closed' && candidates.every(({ policy }) => policy.state === 'closed')) {
    return passOn(handling, raw, response, only, candidates[0], requestedMethod);
  }
  const uncacheable = isUncacheable(handling, { request, url, preflight: true, anyVersion: true }, candidates, only);
  const consider = (policy: CompiledPolicy, originAllowed: boolean | undefined): Considered => {
    const facts = { origin, originAllowed, requestedMethod, requestedHeaders, uncacheable };
    return { policy, facts, decision: decidePreflight(policy, facts) };
  };
  // Within one origin nobody is asked: browsers send no preflight there.
  const sameOrigin = isSameOrigin(raw);
  const ask = (policy: CompiledPolicy, entry: RouteEntry | undefined) =>
    sameOrigin
      ? undefined
      : handling.askOrigin(policy, origin, () => originContext(request, requestedMethod, url, entry, policy, true));
  const finish = (chosen: Considered): 'answered' => {
    if (isAnswered(response)) {
      return 'answered'; // while a resolver was asked, somebody else gave up waiting
    }
    write(handling, response, chosen);
    if (chosen.decision.outcome === 'refused' && !sameOrigin) {
      handling.report({
        reason: chosen.decision.reason,
        preflight: true,
        method: requestedMethod,
        url,
        origin,
        target: candidates[0]?.target ?? chosen.policy.target,
        requestedHeaders,
      });
    }
    return 'answered';
  };

  if (candidates.length <= 1) {
    const allowed = ask(only, candidates[0]);
    return allowed instanceof Promise
      ? allowed.then((later) => finish(consider(only, later)))
      : finish(consider(only, allowed));
  }
  const answers = candidates.map((entry) => ask(entry.policy, entry));
  const choose = (all: readonly (boolean | undefined)[]) =>
    finish(chosenOf(candidates.map((entry, index) => consider(entry.policy, all[index]))));
  return answers.some((answer) => answer instanceof Promise)
    ? Promise.all(answers).then(choose)
    : choose(answers as (boolean | undefined)[]);
}

/** The candidate that answers: one that allows, with credentials where any does; otherwise the first refusal. */
function chosenOf(considered: readonly Considered[]): Considered {
  const allowing = considered.filter(({ decision }) => decision.outcome === 'allowed');
  return (
    allowing.find(({ policy }) => policy.credentials) ??
    allowing[0] ??
    considered.find(({ decision }) => decision.outcome === 'refused') ??
    (considered[0] as Considered)
  );
}

/**
 * Whether handlers of this very URL have different policies. Browsers keep what a preflight granted by URL, and the
 * header names of it for every method, so that nothing may be kept then.
 */
function isUncacheable(
  handling: PreflightPolicies,
  query: Omit<RouteQuery, 'method'>,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  if (!handling.policies.paths.isEmpty) {
    const { listed, policy: below } = handling.unrouted(query.url);
    if (listed && below.preflightIdentity !== policy.preflightIdentity) {
      return true; // one of `paths` answers the methods that no handler takes
    }
  }
  if (candidates.length === 1 && candidates[0]?.rivals.length === 0) {
    return false;
  }
  const differs = (method: string) =>
    handling.platform
      .candidates({ ...query, method })
      .some((rival) => rival.policy.preflightIdentity !== policy.preflightIdentity);
  if (candidates.length === 0) {
    const { handlerIdentities } = handling.policies;
    const alike =
      handlerIdentities.size === 0 || (handlerIdentities.size === 1 && handlerIdentities.has(policy.preflightIdentity));
    return !alike && METHODS.some(differs);
  }
  return candidates.some(
    (candidate) => candidate.policy.preflightIdentity !== policy.preflightIdentity || candidate.rivals.some(differs),
  );
}

/** A closed route's preflight is the platform's to answer. */
function passOn(
  handling: PreflightPolicies,
  raw: RawRequest,
  response: object,
  policy: CompiledPolicy,
  entry: RouteEntry | undefined,
  method: string,
): 'continue' {
  (response as SlottedResponse)[handling.slots.state] = { policy } satisfies ResponseState;
  handling.report({
    reason: 'no-policy',
    preflight: true,
    method,
    url: raw.url ?? '',
    origin: raw.headers.origin as string | undefined,
    target: entry?.target ?? policy.target,
  });
  return 'continue';
}

function write(handling: PreflightPolicies, response: object, { policy, facts, decision }: Considered): void {
  const explained = decision.outcome === 'refused' && handling.policies.explainToClient;
  const status =
    decision.outcome === 'allowed' ? policy.optionsSuccessStatus : explained ? STATUS_EXPLAINED : STATUS_REFUSED;
  // The head guard has nothing to add to an answer that is wholly ours.
  (response as SlottedResponse)[handling.slots.state] = {
    policy: handling.policies.paths.closedPolicy,
  } satisfies ResponseState;
  writePreflight(
    response as GuardedResponse & { end(): unknown },
    status,
    explained ? explainPreflight(policy, facts, decision) : decision,
  );
}
