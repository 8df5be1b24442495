import { METHODS } from 'node:http';
import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decidePreflight } from '../policy/decide.js';
import type { CorsDecision, CorsRequestFacts } from '../policy/decision.js';
import { explainPreflight } from '../policy/explain-preflight.js';
import { isUnknownMethod } from '../policy/methods.js';
import type { PolicySource } from '../policy/policy-source.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { isSameOrigin } from './enforcement.js';
import type { GuardedResponse } from './head/head-guard.js';
import { writePreflight } from './head/preflight-writer.js';
import type { EarlyAnswer, RawRequest, RouteQuery } from './http-platform.js';
import type { PolicyLookup } from './policy-lookup.js';
import { isUncacheable, originContext } from './policy-lookup.js';
import type { ReportRefusal } from './refusal.js';
import { isAnswered, type RequestState } from './response-state.js';

/** The methods of requests that can arrive: Node answers any other with 400, before an application sees it. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

/** A preflight and what was found for it. The query is about the request that it announces. */
interface Preflight {
  readonly query: RouteQuery;
  readonly response: object;
  readonly state: RequestState;
  readonly origin: string;
  readonly candidates: readonly RouteEntry[];
  /** The handler, or where its policy was found. */
  readonly target: PolicySource;
  readonly uncacheable: boolean;
  /** Within one origin no resolver is called and nothing is reported: browsers send no preflight there. */
  readonly sameOrigin: boolean;
}

const STATUS_REFUSED = 403;
const STATUS_EXPLAINED = 204;

/**
 * Answers a preflight with the policy of the handler that the actual request will reach. Where the version is not
 * part of the URL several handlers may be meant; one of them must allow everything that is asked.
 *
 * The synchronous path avoids closures, because V8 allocates them even when that branch is not taken.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function answerPreflight(
  lookup: PolicyLookup,
  report: ReportRefusal,
  request: unknown,
  raw: RawRequest,
  response: object,
  state: RequestState,
  origin: string,
  requestedMethod: string,
): EarlyAnswer {
  const { url } = state;
  const requestedHeaders = raw.headers['access-control-request-headers'] as string | undefined;
  const query: RouteQuery = { request, method: requestedMethod, url, requestedHeaders, preflight: true };
  const candidates = lookup.platform.candidates(query);
  const [first] = candidates;
  const { policy, target } = first ?? lookup.pathPolicy(url);
  if (policy.state === 'untouched' && areUntouched(candidates)) {
    return passOn(report, query, raw, state, target, policy.untouchedByChoice);
  }
  const preflight: Preflight = {
    query,
    response,
    state,
    origin,
    candidates,
    target,
    uncacheable: isUncacheable(lookup, query, candidates, policy),
    sameOrigin: isSameOrigin(raw),
  };
  if (candidates.length > 1) {
    const { refused } = lookup.policies;
    return wereForeseen(candidates)
      ? answerAny(lookup, report, preflight)
      : answer(lookup, report, { ...preflight, target: refused.target }, refused, undefined);
  }
  const check = preflight.sameOrigin ? undefined : lookup.originCheckOf(policy);
  return check === undefined
    ? answer(lookup, report, preflight, policy, undefined)
    : checkFirst(lookup, report, preflight, policy, check);
}

function areUntouched(candidates: readonly RouteEntry[]): boolean {
  for (const { policy } of candidates) {
    if (policy.state !== 'untouched') {
      return false;
    }
  }
  return true;
}

/**
 * Whether the actual request is enforced by each handler that a preflight may be about, where their policies differ. It is
 * not where a plugin added a constraint while the routes were registered.
 */
function wereForeseen(candidates: readonly RouteEntry[]): boolean {
  return (
    candidates.every(({ ambiguous }) => ambiguous) || candidates.every(({ policy }) => policy === candidates[0]?.policy)
  );
}

/**
 * The platform answers the preflight of an untouched route. Its head is left alone whatever handler it reaches: the
 * policy of an `@Options()` handler is not that of the request which the preflight announces.
 */
function passOn(
  report: ReportRefusal,
  { method }: RouteQuery,
  raw: RawRequest,
  state: RequestState,
  target: PolicySource,
  byChoice: boolean,
): 'continue' {
  state.headUntouched = true;
  const unknown = isUnknownMethod(method, KNOWN_METHODS);
  if (unknown || !byChoice) {
    report({
      reason: unknown ? 'method-unknown' : 'no-policy',
      preflight: true,
      method,
      url: state.askedUrl,
      origin: raw.headers.origin as string | undefined,
      target,
    });
  }
  return 'continue';
}

function checkFirst(
  lookup: PolicyLookup,
  report: ReportRefusal,
  preflight: Preflight,
  policy: CompiledPolicy,
  check: OriginCheck,
): EarlyAnswer {
  const allowed = check(preflight.origin, contextOf(lookup, preflight, policy, preflight.candidates[0]));
  return allowed instanceof Promise
    ? allowed.then((later) => answer(lookup, report, preflight, policy, later))
    : answer(lookup, report, preflight, policy, allowed);
}

/** Answers by the candidate that allows, with credentials where any does; otherwise by the first refusal. */
function answerAny(lookup: PolicyLookup, report: ReportRefusal, preflight: Preflight): EarlyAnswer {
  const { candidates, origin } = preflight;
  const answers = candidates.map((entry) => {
    const check = preflight.sameOrigin ? undefined : lookup.originCheckOf(entry.policy);
    return check?.(origin, contextOf(lookup, preflight, entry.policy, entry));
  });
  const choose = (all: readonly (boolean | undefined)[]) => {
    const considered = candidates.map(({ policy, target }, index) => {
      const facts = factsOf(preflight, all[index]);
      return { policy, target, facts, decision: decidePreflight(policy, facts) };
    });
    const allowing = considered.filter(({ decision }) => decision.outcome === 'allowed');
    const chosen =
      allowing.find(({ policy }) => policy.credentials) ??
      allowing[0] ??
      considered.find(({ decision }) => decision.outcome === 'refused');
    const { policy, target, facts, decision } = chosen ?? (considered[0] as NonNullable<typeof chosen>);
    return finish(lookup, report, { ...preflight, target }, policy, facts, decision);
  };
  return answers.some((one) => one instanceof Promise)
    ? Promise.all(answers).then(choose)
    : choose(answers as (boolean | undefined)[]);
}

function contextOf(
  { platform }: PolicyLookup,
  { query: { request, method, url }, response }: Preflight,
  policy: CompiledPolicy,
  entry: RouteEntry | undefined,
): () => OriginContext {
  return () => {
    platform.present(request, response);
    return originContext(request, method, url, entry, policy, true);
  };
}

function factsOf({ origin, query, uncacheable }: Preflight, originAllowed: boolean | undefined): CorsRequestFacts {
  return {
    origin,
    originAllowed,
    requestedMethod: query.method,
    knownMethods: KNOWN_METHODS,
    requestedHeaders: query.requestedHeaders,
    uncacheable,
  };
}

function answer(
  lookup: PolicyLookup,
  report: ReportRefusal,
  preflight: Preflight,
  policy: CompiledPolicy,
  originAllowed: boolean | undefined,
): 'answered' {
  const facts = factsOf(preflight, originAllowed);
  return finish(lookup, report, preflight, policy, facts, decidePreflight(policy, facts));
}

function finish(
  lookup: PolicyLookup,
  report: ReportRefusal,
  preflight: Preflight,
  policy: CompiledPolicy,
  facts: CorsRequestFacts,
  decision: CorsDecision,
): 'answered' {
  const { response, state, query, target, origin, sameOrigin } = preflight;
  if (isAnswered(response)) {
    return 'answered'; // the client is gone, or other code answered while the resolver ran
  }
  const refused = decision.outcome === 'refused';
  const explained = refused && lookup.policies.explainToClient;
  const status =
    decision.outcome === 'allowed' ? policy.optionsSuccessStatus : explained ? STATUS_EXPLAINED : STATUS_REFUSED;
  state.headUntouched = true; // what follows writes the whole head
  writePreflight(
    response as GuardedResponse & { end(): unknown },
    status,
    explained ? explainPreflight(policy, facts, decision) : decision,
    lookup.platform.listWriter(response),
  );
  if (refused && !sameOrigin) {
    report({
      reason: decision.reason,
      preflight: true,
      method: query.method,
      url: state.askedUrl,
      origin,
      target,
      requestedHeaders: query.requestedHeaders,
    });
  }
  return 'answered';
}
