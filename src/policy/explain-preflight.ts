import type { CompiledPolicy } from './compiled-policy.js';
import { allowsMethod, checkOrigin, grantHeaders, VARY_PREFLIGHT } from './decide.js';
import type { CorsDecision, CorsReason, CorsRequestFacts } from './decision.js';
import { isRequestableMethod, isUnknownMethod } from './methods.js';
import { grantedRequestHeaders, missingRequestHeaders } from './request-headers.js';

/**
 * Answers a refused preflight for developers. It grants everything that the policy allows, so that the browser's
 * message names a part of what is missing. The header `cors-decision` has the reason and all missing header names. The
 * browser still refuses the request.
 */
export function explainPreflight(
  policy: CompiledPolicy,
  facts: CorsRequestFacts,
  decision: CorsDecision,
): CorsDecision {
  const origin = facts.origin ?? '';
  const headers = [...decision.headers];
  const originAllowed =
    policy.state === 'open' && (policy.anyOrigin || checkOrigin(policy, origin, facts.originAllowed) === 'allowed');
  if (originAllowed) {
    const method = facts.requestedMethod ?? '';
    const arrives = isRequestableMethod(method) && !isUnknownMethod(method, facts.knownMethods);
    const granted = arrives && allowsMethod(policy, method) ? method : '';
    // A list that is too long can contain only allowed names. Granting them would grant the request.
    const names =
      decision.reason === 'headers-malformed' ? '' : grantedRequestHeaders(policy, facts.requestedHeaders).join(',');
    headers.push(...grantHeaders(policy, origin, granted, names, '0'));
  }
  headers.push('cors-decision', decisionText(policy, facts, decision.reason));
  return { outcome: 'refused', reason: decision.reason, headers, vary: VARY_PREFLIGHT };
}

/** `header-not-allowed; missing=x-a,x-b`, or the reason alone. The names are tokens, and at most 1,024 bytes long. */
function decisionText(policy: CompiledPolicy, { requestedHeaders }: CorsRequestFacts, reason: CorsReason): string {
  return reason === 'header-not-allowed'
    ? `${reason}; missing=${missingRequestHeaders(policy, requestedHeaders).join(',')}`
    : reason;
}
