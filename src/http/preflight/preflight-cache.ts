import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { RouteQuery } from '../http-platform.js';
import type { PolicyLookup } from '../policy-lookup.js';

/**
 * Whether browsers must not cache the answer to a preflight, because handlers of its URL have different policies. They
 * cache by URL, and what is granted for headers counts for every method.
 *
 * @param query of the preflight
 * @param policy of the first candidate; without candidates, of the path
 * @see https://fetch.spec.whatwg.org/#cors-preflight-cache
 */
export function isUncacheable(
  lookup: PolicyLookup,
  query: RouteQuery,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  if (candidates.length > 0 && !lookup.policies.paths.isEmpty) {
    // An entry of `paths` answers the methods that no handler serves.
    const { listed, policy: pathPolicy } = lookup.pathPolicy(query.url);
    if (listed && pathPolicy.preflightIdentity !== policy.preflightIdentity) {
      return true;
    }
  }
  return candidates.length === 0
    ? pathDiffers(lookup, query, policy)
    : candidatesDiffer(lookup, query, candidates, policy);
}

function pathDiffers(lookup: PolicyLookup, query: RouteQuery, policy: CompiledPolicy): boolean {
  const { handlerIdentities, handlerMethods } = lookup.policies;
  if (
    handlerIdentities.size === 0 ||
    (handlerIdentities.size === 1 && handlerIdentities.has(policy.preflightIdentity))
  ) {
    return false;
  }
  for (const method of handlerMethods) {
    if (methodDiffers(lookup, query, method, policy)) {
      return true;
    }
  }
  return false;
}

function candidatesDiffer(
  lookup: PolicyLookup,
  query: RouteQuery,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  for (const candidate of candidates) {
    if (candidate.policy.preflightIdentity !== policy.preflightIdentity) {
      return true;
    }
    for (const method of candidate.otherMethods) {
      if (methodDiffers(lookup, query, method, policy)) {
        return true;
      }
    }
  }
  return false;
}

/** Whether another method of the URL, in any version, reaches a handler with another policy. */
function methodDiffers(
  lookup: PolicyLookup,
  { request, url }: RouteQuery,
  method: string,
  policy: CompiledPolicy,
): boolean {
  const others = lookup.platform.candidates({ request, url, method, preflight: true, anyVersion: true });
  for (const other of others) {
    if (other.policy.preflightIdentity !== policy.preflightIdentity) {
      return true;
    }
  }
  return false;
}
