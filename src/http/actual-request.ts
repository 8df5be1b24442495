import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decideActual } from '../policy/decide.js';
import type { CorsReason } from '../policy/decision.js';
import type { PolicySource } from '../policy/policy-source.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { type EnforcedRefusal, isEnforced, isExempt, isSameOrigin, writeForbidden } from './enforcement.js';
import type { GuardedResponse } from './head/head-guard.js';
import type { EarlyAnswer, RawRequest } from './http-platform.js';
import { noteDecision } from './inside-application.js';
import type { PolicyLookup, PolicyMatch } from './policy-lookup.js';
import { originContext } from './policy-lookup.js';
import type { ReportRefusal } from './refusal.js';
import { isAnswered, type RequestState, stateOf } from './response-state.js';

interface ActualRequest {
  readonly request: unknown;
  readonly raw: RawRequest;
  readonly response: object;
  readonly state: RequestState;
  readonly origin: string;
}

/**
 * Asks about an actual request's origin what has to be asked before the handler runs, and enforces the policies of
 * paths that have no handler.
 */
export function prepareActual(
  lookup: PolicyLookup,
  report: ReportRefusal,
  request: unknown,
  raw: RawRequest,
  response: object,
  state: RequestState,
  origin: string,
): EarlyAnswer {
  if (isSameOrigin(raw)) {
    return 'continue';
  }
  const found = lookup.lookUp(request, state.method, state.url);
  const check = lookup.originCheckOf(found.policy);
  return check === undefined
    ? refuseUnrouted(lookup, report, found, request, raw, response, state)
    : checkFirst(lookup, report, found, check, { request, raw, response, state, origin });
}

/**
 * Checks the origin of a passed-on preflight for the handler that answers OPTIONS: it may enforce. Nothing else is
 * refused, because the platform answers.
 */
export function preparePassedOn(
  lookup: PolicyLookup,
  report: ReportRefusal,
  request: unknown,
  raw: RawRequest,
  response: object,
  state: RequestState,
  origin: string,
): EarlyAnswer {
  const found = lookup.lookUp(request, state.method, state.url);
  const check = isHandler(found) && !isSameOrigin(raw) ? lookup.originCheckOf(found.policy) : undefined;
  return check === undefined
    ? 'continue'
    : checkFirst(lookup, report, found, check, { request, raw, response, state, origin });
}

/** Apart, because V8 allocates closures even when their branch is not taken. */
function checkFirst(
  lookup: PolicyLookup,
  report: ReportRefusal,
  found: PolicyMatch,
  check: OriginCheck,
  { request, raw, response, state, origin }: ActualRequest,
): EarlyAnswer {
  const { policy } = found;
  const entry = isHandler(found) ? found : undefined;
  const finish = (allowed: boolean | undefined): 'continue' | 'answered' => {
    if (allowed !== undefined) {
      state.verdict = { policy, allowed };
    }
    return refuseUnrouted(lookup, report, found, request, raw, response, state);
  };
  const answer = check(origin, () => {
    lookup.platform.present(request, response);
    return originContext(request, state.method, state.url, entry, policy, false);
  });
  return answer instanceof Promise ? answer.then(finish) : finish(answer);
}

/** Whether the handler that was reached must not run, and why. Notes on the response that it is a refusal. */
export function enforcementRefusal(
  lookup: PolicyLookup,
  request: unknown,
  response: object,
): EnforcedRefusal | undefined {
  const { raw, rawResponse } = lookup.platform.rawPair(request, response);
  const state = stateOf(rawResponse, lookup.responseKeys.state);
  const entry = state?.entry;
  if (state === undefined || entry === undefined || !isEnforced(entry, raw, state)) {
    return undefined;
  }
  const reason = refusalOf(lookup, entry.policy, request, raw, state);
  if (reason === undefined) {
    return undefined;
  }
  state.refused = true;
  return { reason, target: entry.target };
}

function refuseUnrouted(
  lookup: PolicyLookup,
  report: ReportRefusal,
  found: PolicyMatch,
  request: unknown,
  raw: RawRequest,
  response: object,
  state: RequestState,
): 'continue' | 'answered' {
  if (isHandler(found)) {
    return 'continue'; // a handler enforces later, after its guards
  }
  const { policy } = found;
  const reason = isEnforced(found, raw, state) ? refusalOf(lookup, policy, request, raw, state) : undefined;
  if (reason === undefined || isAnswered(response)) {
    return 'continue';
  }
  refuse(lookup, report, found.target, reason, raw, response, state);
  return 'answered';
}

/** Answers a request that no exception filter will see. */
export function refuse(
  lookup: PolicyLookup,
  report: ReportRefusal,
  target: PolicySource,
  reason: CorsReason,
  raw: RawRequest,
  response: object,
  state: RequestState,
): void {
  state.headUntouched = true; // what follows writes the whole head
  noteDecision(response, lookup.responseKeys.state, state);
  writeForbidden(response as GuardedResponse);
  const origin = raw.headers.origin as string;
  report({ reason, preflight: false, method: state.method, url: state.askedUrl, origin, target });
}

function isHandler(found: PolicyMatch): found is RouteEntry {
  return 'handler' in found;
}

/** Why a policy refuses a request, were it enforced; `undefined` for one that it allows or that is exempt. */
export function refusalOf(
  lookup: PolicyLookup,
  policy: CompiledPolicy,
  request: unknown,
  raw: RawRequest,
  state: RequestState,
): CorsReason | undefined {
  if (isExempt(raw, () => lookup.platform.host(request))) {
    return undefined;
  }
  if (policy.state === 'untouched') {
    return 'no-policy';
  }
  const decision = decideActual(policy, raw.headers.origin as string, state.verdictOf(policy));
  return decision.outcome === 'refused' ? decision.reason : undefined;
}
