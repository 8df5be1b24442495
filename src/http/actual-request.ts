import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decideActual } from '../policy/decide.js';
import type { CorsReason } from '../policy/decision.js';
import type { AskOrigin } from '../resolver/origin-asker.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { type EnforcedRefusal, isEnforced, isExempt, isSameOrigin } from './enforcement.js';
import { writeForbidden } from './forbidden.js';
import type { GuardedResponse } from './head-guard.js';
import type { EarlyAnswer, RawRequest } from './http-platform.js';
import { originContext } from './origin-context.js';
import type { FoundPolicy, PolicyLookup } from './policy-lookup.js';
import type { ReportRefusal } from './refusal.js';
import { isAnswered, type ResponseState, type SlottedResponse } from './response-state.js';

interface ActualRequest {
  readonly request: unknown;
  readonly raw: RawRequest;
  readonly response: object;
  readonly origin: string;
  readonly method: string;
  readonly url: string;
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
  origin: string,
): EarlyAnswer {
  const method = raw.method ?? '';
  const url = raw.url ?? '';
  if (isSameOrigin(raw)) {
    return 'continue';
  }
  const found = lookup.lookUp(request, method, url);
  const ask = lookup.askerOf(found.policy);
  return ask === undefined
    ? refuseUnrouted(lookup, report, found, request, raw, response)
    : askFirst(lookup, report, found, ask, { request, raw, response, origin, method, url });
}

/** Apart, because a function with closures allocates for them also when it does not come to them. */
function askFirst(
  lookup: PolicyLookup,
  report: ReportRefusal,
  found: FoundPolicy,
  ask: AskOrigin,
  { request, raw, response, origin, method, url }: ActualRequest,
): EarlyAnswer {
  const { policy } = found;
  const entry = isHandler(found) ? found : undefined;
  const finish = (allowed: boolean | undefined): 'continue' | 'answered' => {
    if (allowed !== undefined) {
      lookup.keepVerdict(response, { policy, allowed });
    }
    return refuseUnrouted(lookup, report, found, request, raw, response);
  };
  const answer = ask(origin, () => {
    lookup.platform.present(request, response);
    return originContext(request, method, url, entry, policy, false);
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
  const slots = rawResponse as SlottedResponse;
  const state = slots[lookup.slots.state] as ResponseState | undefined;
  if (typeof state !== 'object' || !('handler' in state) || !isEnforced(state, raw.method ?? '')) {
    return undefined;
  }
  const reason = refusalOf(lookup, state.policy, request, raw, rawResponse);
  if (reason === undefined) {
    return undefined;
  }
  slots[lookup.slots.refused] = true;
  return { reason, target: state.target };
}

function refuseUnrouted(
  lookup: PolicyLookup,
  report: ReportRefusal,
  found: FoundPolicy,
  request: unknown,
  raw: RawRequest,
  response: object,
): 'continue' | 'answered' {
  if (isHandler(found)) {
    return 'continue'; // what a handler enforces is the interceptor's business
  }
  const { policy } = found;
  const reason = isEnforced(found, raw.method ?? '') ? refusalOf(lookup, policy, request, raw, response) : undefined;
  if (reason === undefined || isAnswered(response)) {
    return 'continue';
  }
  (response as SlottedResponse)[lookup.slots.state] = lookup.policies.alreadyAnswered;
  writeForbidden(response as GuardedResponse);
  report({
    reason,
    preflight: false,
    method: raw.method ?? '',
    url: raw.url ?? '',
    origin: raw.headers.origin as string,
    target: policy.target,
  });
  return 'answered';
}

function isHandler(found: FoundPolicy): found is RouteEntry {
  return 'handler' in found;
}

function refusalOf(
  lookup: PolicyLookup,
  policy: CompiledPolicy,
  request: unknown,
  raw: RawRequest,
  response: object,
): CorsReason | undefined {
  if (isExempt(raw, () => lookup.platform.host(request))) {
    return undefined;
  }
  if (policy.state === 'untouched') {
    return 'no-policy';
  }
  const decision = decideActual(policy, raw.headers.origin as string, lookup.verdictOn(response, policy));
  return decision.outcome === 'refused' ? decision.reason : undefined;
}
