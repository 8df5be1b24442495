import type { CompiledPolicy } from './compiled-policy.js';
import { decideActual, decidePreflight } from './decide.js';
import type { CorsReason, CorsRequestFacts } from './decision.js';
import { isRequestableMethod } from './methods.js';
import { missingRequestHeaders, requestedNames } from './request-headers.js';

/** One reason for which a policy refuses a request. */
export interface PolicyRefusal {
  readonly reason: CorsReason;
  /** With `header-not-allowed`: the requested names that the policy does not allow, see `missingRequestHeaders`. */
  readonly missingHeaders: readonly string[];
}

/** A request and the policy that decides about it. */
type Case = readonly [policy: CompiledPolicy, facts: CorsRequestFacts];

const allowOrigin = ([policy, facts]: Case): Case => [{ ...policy, anyOrigin: true }, facts];

/** Corrects the one thing that a reason is about, in the policy or in the request. Other reasons are the last one. */
const CORRECTIONS: Readonly<Partial<Record<CorsReason, (refused: Case) => Case>>> = Object.freeze({
  'no-origin': allowOrigin,
  'origin-null': allowOrigin,
  'origin-malformed': allowOrigin,
  'origin-not-allowed': allowOrigin,
  'origin-undecided': allowOrigin,
  'method-unknown': ([policy, facts]: Case): Case => [
    policy,
    { ...facts, requestedMethod: facts.requestedMethod?.toUpperCase(), knownMethods: undefined },
  ],
  'method-malformed': ([policy, facts]: Case): Case => {
    const upperCase = facts.requestedMethod?.toUpperCase() ?? '';
    return [policy, { ...facts, requestedMethod: isRequestableMethod(upperCase) ? upperCase : 'GET' }];
  },
  'method-not-allowed': ([policy, facts]: Case): Case => [{ ...policy, methods: undefined }, facts],
  'headers-malformed': ([policy, facts]: Case): Case => [
    policy,
    { ...facts, requestedHeaders: requestedNames(facts.requestedHeaders).join(',') },
  ],
  'header-not-allowed': ([policy, facts]: Case): Case => [{ ...policy, anyHeader: true, credentials: true }, facts],
});

/**
 * Every reason for which a policy refuses a preflight, or an actual request if the facts name no requested method. The
 * first is the reason of the decision. Each other one is its reason once those before it are corrected.
 *
 * @returns an empty list if the request is allowed; `no-policy` alone for an untouched route
 */
export function refusalsOf(policy: CompiledPolicy, facts: CorsRequestFacts): readonly PolicyRefusal[] {
  const refusals: PolicyRefusal[] = [];
  let current: Case | undefined = [policy, facts];
  while (current !== undefined) {
    const reason = reasonOf(current);
    if (reason === 'allowed') {
      break;
    }
    const missing = reason === 'header-not-allowed' ? missingRequestHeaders(policy, facts.requestedHeaders) : [];
    refusals.push(Object.freeze({ reason, missingHeaders: Object.freeze(missing) }));
    current = CORRECTIONS[reason]?.(current);
  }
  return Object.freeze(refusals);
}

function reasonOf([policy, facts]: Case): CorsReason {
  return facts.requestedMethod === undefined
    ? decideActual(policy, facts.origin, facts.originAllowed).reason
    : decidePreflight(policy, facts).reason;
}
