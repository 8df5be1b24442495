import type { EnforceOption } from '../../policy/policy-options.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { Exchange, PolicyMatch } from '../exchange.js';

/**
 * Whether a request is refused where its policy does not allow it. If so, the response depends on the Origin header,
 * whether the request is allowed or refused. Middleware may turn an unsafe method into a safe one, or the reverse: both
 * count.
 */
export function isEnforced(match: PolicyMatch, { raw, method }: Exchange): boolean {
  return isEnforcedFor(match, raw.method ?? '') || isEnforcedFor(match, method);
}

/** Whether a request is only reported where its policy does not allow it. */
export function isReportOnly(match: PolicyMatch, { raw, method }: Exchange): boolean {
  const { wouldEnforce } = 'handler' in match ? match.policy : match;
  return (
    wouldEnforce !== false &&
    match.policy.state !== 'untouched' &&
    (enforcesMethod(wouldEnforce, raw.method ?? '') || enforcesMethod(wouldEnforce, method))
  );
}

function isEnforcedFor(match: PolicyMatch, method: string): boolean {
  if (!('handler' in match)) {
    return enforcesMethod(match.enforce, method);
  }
  // An untouched handler enforces nothing itself, but the preflight may have been answered for another version of it.
  return match.versionAmbiguous || (match.policy.state !== 'untouched' && enforcesMethod(match.policy.enforce, method));
}

/** Whether a handler refuses requests of any method, or reports them. */
export function enforcesAnything({ versionAmbiguous, policy }: RouteEntry): boolean {
  const { state, enforce, wouldEnforce } = policy;
  return versionAmbiguous || (state !== 'untouched' && (enforce !== false || wouldEnforce !== false));
}

/** Whether a policy enforces for a method. */
export function enforcesMethod(enforce: EnforceOption, method: string): boolean {
  return enforce === 'all' || (enforce === 'unsafe-methods' && !isSafeMethod(method));
}

function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
