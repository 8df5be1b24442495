import { isWellFormedOrigin, MAX_ORIGIN_LENGTH } from '../origin/grammar/origin-grammar.js';
import type { CompiledPolicy } from './compiled-policy.js';
import type { CorsDecision, CorsReason, CorsRequestFacts } from './decision.js';
import { isRequestableMethod, isSafelistedMethod, isUnknownMethod } from './methods.js';
import { MALFORMED, NOT_ALLOWED, readRequestHeaders } from './request-headers.js';

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';
const NOTHING: readonly string[] = Object.freeze([]);
const VARY_ORIGIN: readonly string[] = Object.freeze(['Origin']);
/** The response to every preflight depends on these headers, refused ones included. */
export const VARY_PREFLIGHT: readonly string[] = Object.freeze([
  'Origin',
  'Access-Control-Request-Method',
  'Access-Control-Request-Headers',
]);
/** {@link VARY_PREFLIGHT} as a header value. */
export const VARY_PREFLIGHT_TEXT = VARY_PREFLIGHT.join(', ');

/** The decision to add nothing and remove nothing. */
export const LEFT_ALONE = bare('untouched', 'no-policy', NOTHING);
const ACTUAL_WITHOUT_POLICY = withoutPolicy(NOTHING);
const PREFLIGHT_WITHOUT_POLICY = withoutPolicy(VARY_PREFLIGHT);
const ACTUAL_WITHOUT_ORIGIN = bare('refused', 'no-origin', VARY_ORIGIN);
const ACTUAL_REFUSED = refusals(VARY_ORIGIN);
const PREFLIGHT_REFUSED = refusals(VARY_PREFLIGHT);

/**
 * Decides what an actual response carries. Throws nothing; a refusal allocates nothing without `resourcePolicy`.
 *
 * @param originAllowed the answer of the predicate or resolver, if the policy has one; any value but `true` denies
 * @see https://fetch.spec.whatwg.org/#http-responses
 */
export function decideActual(
  policy: CompiledPolicy,
  origin: string | undefined,
  originAllowed: boolean | undefined,
): CorsDecision {
  if (policy.state !== 'open') {
    return ACTUAL_WITHOUT_POLICY[policy.state];
  }
  if (policy.anyOrigin) {
    // The same headers with and without Origin, so that shared caches can store the response: no Vary.
    return {
      outcome: 'allowed',
      reason: 'allowed',
      headers: policy.actualHeaders,
      vary: NOTHING,
    };
  }
  if (origin === undefined) {
    return withCommonHeaders(ACTUAL_WITHOUT_ORIGIN, policy);
  }
  const reason = checkOrigin(policy, origin, originAllowed);
  if (reason !== 'allowed') {
    return withCommonHeaders(ACTUAL_REFUSED[reason], policy);
  }
  return {
    outcome: 'allowed',
    reason: 'allowed',
    headers: actualHeadersFor(origin, policy.actualHeaders),
    vary: VARY_ORIGIN,
  };
}

/**
 * Decides how to answer a preflight. Throws nothing; a refusal allocates nothing without `resourcePolicy`.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function decidePreflight(policy: CompiledPolicy, facts: CorsRequestFacts): CorsDecision {
  return policy.state === 'open'
    ? withCommonHeaders(decideOpenPreflight(policy, facts), policy)
    : PREFLIGHT_WITHOUT_POLICY[policy.state];
}

function decideOpenPreflight(policy: CompiledPolicy, facts: CorsRequestFacts): CorsDecision {
  const method = facts.requestedMethod ?? '';
  // First, because no handler has such a method: the policy belongs to another request.
  // https://fetch.spec.whatwg.org/#concept-method-normalize
  if (isUnknownMethod(method, facts.knownMethods)) {
    return PREFLIGHT_REFUSED['method-unknown'];
  }
  // The CORS check of the preflight: https://fetch.spec.whatwg.org/#cors-check
  const origin = facts.origin ?? '';
  const reason = policy.anyOrigin ? 'allowed' : checkOrigin(policy, origin, facts.originAllowed);
  if (reason !== 'allowed') {
    return PREFLIGHT_REFUSED[reason];
  }
  // Browsers compare the method with this list: https://fetch.spec.whatwg.org/#http-access-control-allow-methods
  if (!isSafelistedMethod(method) && !isRequestableMethod(method)) {
    return PREFLIGHT_REFUSED['method-malformed'];
  }
  if (!allowsMethod(policy, method)) {
    return PREFLIGHT_REFUSED['method-not-allowed'];
  }
  // And the header names with this one: https://fetch.spec.whatwg.org/#http-access-control-allow-headers
  const names = readRequestHeaders(policy, facts.requestedHeaders);
  if (names === NOT_ALLOWED) {
    return PREFLIGHT_REFUSED['header-not-allowed'];
  }
  if (names === MALFORMED) {
    return PREFLIGHT_REFUSED['headers-malformed'];
  }
  // https://fetch.spec.whatwg.org/#http-access-control-max-age
  return {
    outcome: 'allowed',
    reason: 'allowed',
    headers: grantHeaders(policy, origin, method, names, facts.uncacheable === true ? '0' : policy.maxAge),
    vary: VARY_PREFLIGHT,
  };
}

/** Adds the headers that every answer under a policy carries. `actualHeaders` contains them already. */
function withCommonHeaders(decision: CorsDecision, { commonHeaders }: CompiledPolicy): CorsDecision {
  return commonHeaders.length === 0 ? decision : { ...decision, headers: [...decision.headers, ...commonHeaders] };
}

/** Allocates the final length at once: a growing list allocates several times its size. */
function actualHeadersFor(origin: string, fixed: readonly string[]): readonly string[] {
  const headers = new Array<string>(fixed.length + 2);
  headers[0] = ALLOW_ORIGIN;
  headers[1] = origin;
  for (let index = 0; index < fixed.length; index++) {
    headers[index + 2] = fixed[index] as string;
  }
  return headers;
}

/** Whether a policy lets scripts use a method. */
export function allowsMethod(policy: CompiledPolicy, method: string): boolean {
  return policy.methods === undefined || isSafelistedMethod(method) || policy.methods.has(method);
}

/** Grants only what the preflight asks for: browsers would cache more for the other handlers of the URL. */
export function grantHeaders(
  policy: CompiledPolicy,
  origin: string,
  method: string,
  names: string,
  maxAge: string | undefined,
): string[] {
  const pairs =
    1 + Number(policy.credentials) + Number(method !== '') + Number(names !== '') + Number(maxAge !== undefined);
  const headers = new Array<string>(pairs * 2);
  headers[0] = ALLOW_ORIGIN;
  headers[1] = policy.anyOrigin ? '*' : origin;
  let at = 2;
  if (policy.credentials) {
    headers[at++] = 'Access-Control-Allow-Credentials';
    headers[at++] = 'true';
  }
  if (method !== '') {
    headers[at++] = 'Access-Control-Allow-Methods';
    headers[at++] = method;
  }
  if (names !== '') {
    headers[at++] = 'Access-Control-Allow-Headers';
    headers[at++] = names;
  }
  if (maxAge !== undefined) {
    headers[at++] = 'Access-Control-Max-Age';
    headers[at++] = maxAge;
  }
  return headers;
}

/** Whether a policy allows an origin: `'allowed'` or the reason why not. */
export function checkOrigin(
  policy: CompiledPolicy,
  origin: string,
  originAllowed: boolean | undefined,
): 'allowed' | OriginRefusal {
  const origins = policy.origins;
  if (origins?.kind === 'static') {
    // The length comes first, because a lookup reads the whole text.
    if (origin.length <= MAX_ORIGIN_LENGTH && origins.exact.has(origin)) {
      return 'allowed';
    }
    if (isWellFormedOrigin(origin)) {
      return origins.allows(origin) ? 'allowed' : 'origin-not-allowed';
    }
    return origin === 'null' ? 'origin-null' : 'origin-malformed';
  }
  if (originAllowed === true) {
    return 'allowed';
  }
  if (originAllowed === false) {
    return 'origin-not-allowed';
  }
  return refusalWithoutAnswer(origin);
}

/** The reason if the predicate or resolver gave no answer. They are only called for well-formed origins. */
function refusalWithoutAnswer(origin: string): OriginRefusal {
  if (isWellFormedOrigin(origin)) {
    return 'origin-undecided';
  }
  return origin === 'null' ? 'origin-null' : 'origin-malformed';
}

/** Whether a policy allows an origin to send credentials and to read the response. `'*'` never does. */
export function allowsCredentials(policy: CompiledPolicy, origin: string, originAllowed: boolean | undefined): boolean {
  return policy.credentials && checkOrigin(policy, origin, originAllowed) === 'allowed';
}

type OriginRefusal = 'origin-null' | 'origin-malformed' | 'origin-not-allowed' | 'origin-undecided';

function bare(outcome: CorsDecision['outcome'], reason: CorsReason, vary: readonly string[]): CorsDecision {
  return Object.freeze({ outcome, reason, headers: NOTHING, vary });
}

function withoutPolicy(vary: readonly string[]) {
  return Object.freeze({
    untouched: LEFT_ALONE,
    disabled: bare('refused', 'disabled', vary),
    ambiguous: bare('refused', 'path-ambiguous', vary),
  });
}

function refusals(vary: readonly string[]) {
  const refused = (reason: CorsReason) => bare('refused', reason, vary);
  return Object.freeze({
    'origin-null': refused('origin-null'),
    'origin-malformed': refused('origin-malformed'),
    'origin-not-allowed': refused('origin-not-allowed'),
    'origin-undecided': refused('origin-undecided'),
    'method-malformed': refused('method-malformed'),
    'method-unknown': refused('method-unknown'),
    'method-not-allowed': refused('method-not-allowed'),
    'headers-malformed': refused('headers-malformed'),
    'header-not-allowed': refused('header-not-allowed'),
  });
}
