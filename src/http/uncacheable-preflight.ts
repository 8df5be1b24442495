import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { RouteQuery } from './http-platform.js';
import type { PolicyLookup } from './policy-lookup.js';

/**
 * Whether handlers of this very URL have different policies. Browsers keep what a preflight granted by URL, and the
 * header names of it for every method, so that nothing may be kept then.
 *
 * @param query a preflight's
 * @param policy of the first candidate, or of what no handler takes
 */
export function isUncacheable(
  lookup: PolicyLookup,
  query: RouteQuery,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  if (!lookup.policies.paths.isEmpty) {
    const { listed, policy: below } = lookup.unrouted(query.url);
    if (listed && below.preflightIdentity !== policy.preflightIdentity) {
      return true; // one of `paths` answers the methods that no handler takes
    }
  }
  if (candidates.length === 1 && candidates[0]?.rivals.length === 0) {
    return false;
  }
  return candidates.length === 0
    ? unroutedDiffers(lookup, query, policy)
    : someDiffers(lookup, query, candidates, policy);
}

function unroutedDiffers(lookup: PolicyLookup, query: RouteQuery, policy: CompiledPolicy): boolean {
  const { handlerIdentities, handlerMethods } = lookup.policies;
  const alike =
    handlerIdentities.size === 0 || (handlerIdentities.size === 1 && handlerIdentities.has(policy.preflightIdentity));
  return !alike && handlerMethods.some((method) => differs(lookup, query, method, policy));
}

function someDiffers(
  lookup: PolicyLookup,
  query: RouteQuery,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  return candidates.some(
    (candidate) =>
      candidate.policy.preflightIdentity !== policy.preflightIdentity ||
      candidate.rivals.some((method) => differs(lookup, query, method, policy)),
  );
}

/** Whether another method of the URL, in any version, reaches a handler with another policy. */
function differs(lookup: PolicyLookup, { request, url }: RouteQuery, method: string, policy: CompiledPolicy): boolean {
  return lookup.platform
    .candidates({ request, url, method, preflight: true, anyVersion: true })
    .some((rival) => rival.policy.preflightIdentity !== policy.preflightIdentity);
}
