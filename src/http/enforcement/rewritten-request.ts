import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { checkOrigin } from '../../policy/decide.js';
import type { Exchange } from '../exchange.js';
import type { RawRequest } from '../http-platform.js';
import type { PolicyLookup } from '../policy-lookup.js';

/** Whether middleware changed the method or URL of a request on its way to a handler. */
export function isRewritten(request: Pick<RawRequest, 'method' | 'url'>, exchange: Exchange): boolean {
  const arrived = exchange.first ?? exchange;
  return request.url !== arrived.url || request.method !== arrived.method;
}

/**
 * The policies that may have answered the preflight of a rewritten request, without those that answer preflights as
 * `policy` does. There are several where the preflight could not carry the version.
 */
export function otherPreflightPolicies(
  lookup: PolicyLookup,
  { request, method, url }: Exchange,
  { preflightIdentity }: CompiledPolicy,
): readonly CompiledPolicy[] {
  const policies = lookup.possiblePolicies({ request, method, url, preflight: true, anyVersion: true });
  return policies.filter((policy) => policy.preflightIdentity !== preflightIdentity);
}

/** Whether a policy may have allowed the preflight of an origin. */
export function mayAllowOrigin(policy: CompiledPolicy, origin: string, verdict: boolean | undefined): boolean {
  if (policy.state !== 'open') {
    return false;
  }
  const checked = policy.anyOrigin ? 'allowed' : checkOrigin(policy, origin, verdict);
  return checked === 'allowed' || checked === 'origin-undecided';
}
