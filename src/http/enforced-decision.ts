import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { CorsDecision } from '../policy/decision.js';
import { isEnforced } from './enforcement.js';
import type { RawRequest } from './http-platform.js';
import type { FoundPolicy } from './policy-lookup.js';
import type { RequestState } from './response-state.js';

const VARY_ORIGIN: readonly string[] = Object.freeze(['Origin']);
const NO_STORE: readonly string[] = Object.freeze(['Cache-Control', 'no-store']);

/**
 * Adds the headers for caches to a response without CORS headers. Where a policy is enforced, the Origin decides whether a
 * request is refused, so the response varies by it. No cache may store a refusal.
 *
 * @param decision of the policy alone
 * @param found where the policy was found; without `enforce` for a preflight that was passed on
 */
export function enforcedDecision(
  decision: CorsDecision,
  found: FoundPolicy | { readonly policy: CompiledPolicy },
  raw: RawRequest,
  state: RequestState | undefined,
): CorsDecision {
  if (state?.refused === true) {
    return { ...decision, headers: NO_STORE, vary: VARY_ORIGIN, noStore: true };
  }
  const varies = decision.vary.length > 0 || !isFound(found) || !isEnforced(found, raw, state);
  return varies ? decision : { ...decision, vary: VARY_ORIGIN };
}

function isFound(found: FoundPolicy | { readonly policy: CompiledPolicy }): found is FoundPolicy {
  return 'handler' in found || 'enforce' in found;
}
