import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { CorsDecision } from '../policy/decision.js';
import { isEnforced } from './enforcement.js';
import type { FoundPolicy } from './policy-lookup.js';

const VARY_ORIGIN: readonly string[] = Object.freeze(['Origin']);
const NO_STORE: readonly string[] = Object.freeze(['Cache-Control', 'no-store']);

/**
 * What caches must know of a response that carries no CORS headers. Where the policy is enforced the same request is
 * answered with or without a refusal, by its Origin: the answer varies by it. No cache may keep a refusal.
 *
 * @param decision of the policy alone
 * @param found where the policy was found; without `enforce` for a preflight that was passed on
 * @param refused whether the handler was not run, because the policy refused the request
 */
export function enforcedDecision(
  decision: CorsDecision,
  found: FoundPolicy | { readonly policy: CompiledPolicy },
  method: string,
  refused: boolean,
): CorsDecision {
  if (refused) {
    return { ...decision, headers: NO_STORE, vary: VARY_ORIGIN, noStore: true };
  }
  const varies = decision.vary.length > 0 || !isFound(found) || !isEnforced(found, method);
  return varies ? decision : { ...decision, vary: VARY_ORIGIN };
}

function isFound(found: FoundPolicy | { readonly policy: CompiledPolicy }): found is FoundPolicy {
  return 'handler' in found || 'enforce' in found;
}
