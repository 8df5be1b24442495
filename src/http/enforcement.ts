import { isWellFormedOrigin } from '../origin/grammar/origin-grammar.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { CorsDecision, CorsReason } from '../policy/decision.js';
import type { EnforceOption } from '../policy/policy-options.js';
import type { PathMatch } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { GuardedResponse } from './head/head-guard.js';
import type { RawRequest } from './http-platform.js';
import type { PolicyMatch } from './policy-lookup.js';
import type { RequestState } from './response-state.js';

/** What a refused request is told; the reason stays in the log. The code tells it from the application's own 403s. */
export const FORBIDDEN_BODY = Object.freeze({
  statusCode: 403,
  message: 'Cross-origin request refused',
  error: 'Forbidden',
  code: 'cors-forbidden',
});

/** Refuses a request that no handler, and so no exception filter, would see. */
export function writeForbidden(response: GuardedResponse): void {
  const body = JSON.stringify(FORBIDDEN_BODY);
  const target = response as GuardedResponse & { statusCode: number; end(body: string): unknown };
  target.statusCode = FORBIDDEN_BODY.statusCode;
  target.setHeader('Vary', 'Origin' as never);
  target.setHeader('Cache-Control', 'no-store' as never);
  target.setHeader('Content-Type', 'application/json; charset=utf-8' as never);
  target.setHeader('Content-Length', String(Buffer.byteLength(body)) as never);
  target.end(body);
}

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
  found: PolicyMatch | { readonly policy: CompiledPolicy },
  raw: RawRequest,
  state: RequestState | undefined,
): CorsDecision {
  if (state?.refused === true) {
    return { ...decision, headers: NO_STORE, vary: VARY_ORIGIN, noStore: true };
  }
  const varies = decision.vary.length > 0 || !isFound(found) || !isEnforced(found, raw, state);
  return varies ? decision : { ...decision, vary: VARY_ORIGIN };
}

function isFound(found: PolicyMatch | { readonly policy: CompiledPolicy }): found is PolicyMatch {
  return 'handler' in found || 'enforce' in found;
}

/**
 * Where a raw response carries the check of the application that serves it, once the request reached a handler that
 * enforces. A registered symbol: guards stay on classes, which applications and copies of this package share.
 */
export const ENFORCEMENT_CHECK = Symbol.for('nestjs-cors.enforcement');

/** Called after the guards of a handler and before its interceptors. */
export interface EnforcementCheck {
  /** Why the handler that was reached must not run; `undefined` where it may. */
  refusalOf(request: unknown, response: object): EnforcedRefusal | undefined;
}

/** A request that is refused, and by which handler's policy. */
export interface EnforcedRefusal {
  readonly reason: CorsReason;
  readonly target: string;
}

/**
 * Whether a request is refused where the policy does not allow it. Then its answer depends on the Origin header, allowed
 * or refused. Middleware may have made a safe method of an unsafe one, or the other way round: either counts.
 */
export function isEnforced(
  found: RouteEntry | PathMatch,
  raw: Pick<RawRequest, 'method'>,
  arrived: { readonly method: string } | undefined,
): boolean {
  return isEnforcedFor(found, raw.method ?? '') || (arrived !== undefined && isEnforcedFor(found, arrived.method));
}

function isEnforcedFor(found: RouteEntry | PathMatch, method: string): boolean {
  if (!('handler' in found)) {
    return enforcesMethod(found.enforce, method);
  }
  // An untouched handler enforces nothing of its own, but a preflight may have been answered for another version of it.
  return found.ambiguous || (found.policy.state !== 'untouched' && enforcesMethod(found.policy.enforce, method));
}

/** Whether a handler refuses requests of any method. */
export function enforcesAnything({ ambiguous, policy }: RouteEntry): boolean {
  return ambiguous || (policy.state !== 'untouched' && policy.enforce !== false);
}

/** Whether a policy enforces for a method. */
export function enforcesMethod(enforce: EnforceOption, method: string): boolean {
  return enforce === 'all' || (enforce === 'unsafe-methods' && !isSafeMethod(method));
}

/**
 * Whether a request can not be a cross-origin one from a page: it has no Origin, the browser says so in
 * Sec-Fetch-Site, or, where the browser says nothing, the Origin's host and port are the ones asked for. Only `http:`
 * and `https:` origins name such a host.
 *
 * @param host the Host the platform reports, its trust-proxy setting respected
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isExempt(raw: RawRequest, host: () => string | undefined): boolean {
  const origin = raw.headers.origin;
  if (typeof origin !== 'string') {
    return true;
  }
  const site = raw.headers['sec-fetch-site'];
  if (typeof site === 'string') {
    return site === 'same-origin' || site === 'none';
  }
  const asked = host();
  return asked !== undefined && hasHost(origin, asked);
}

/** Whether the browser says that a request stays within one origin. */
export function isSameOrigin(raw: RawRequest): boolean {
  return raw.headers['sec-fetch-site'] === 'same-origin';
}

function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Compares an origin's host and port with a Host header, which may name the scheme's default port or leave it out. */
function hasHost(origin: string, host: string): boolean {
  const secure = origin.startsWith('https://');
  if ((!secure && !origin.startsWith('http://')) || !isWellFormedOrigin(origin)) {
    return false;
  }
  const own = origin.slice(origin.indexOf('//') + 2);
  const asked = host.toLowerCase();
  return own === asked || `${own}${secure ? ':443' : ':80'}` === asked;
}
