import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { checkOrigin } from '../policy/decide.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { refusalOf, refuse } from './actual-request.js';
import type { RawRequest } from './http-platform.js';
import type { PolicyLookup } from './policy-lookup.js';
import type { ReportRefusal, ReportRewrite } from './refusal.js';
import type { RequestState } from './response-state.js';

/** Whether middleware changed the method or URL of a request on its way to a handler. */
export function isRewritten(request: Pick<RawRequest, 'method' | 'url'>, state: RequestState): boolean {
  const asked = state.first ?? state;
  return request.url !== asked.url || request.method !== asked.method;
}

/**
 * A preflight is answered for the method and URL that the browser will send. Where middleware then leads the request
 * to a handler with another policy, that handler did not agree to the preflight. So its policy is enforced, whatever
 * its `enforce` says, for each origin that the preflight may have allowed.
 *
 * @returns whether the request was refused, so that the handler must not run
 */
export function refuseRewritten(
  lookup: PolicyLookup,
  report: ReportRefusal,
  reportRewrite: ReportRewrite,
  entry: RouteEntry,
  request: unknown,
  raw: RawRequest,
  response: object,
  state: RequestState,
): boolean {
  const origin = raw.headers.origin;
  if (typeof origin !== 'string') {
    return false;
  }
  const asked = state.first ?? state;
  const others = preflightPolicies(lookup, request, asked).filter(
    ({ preflightIdentity }) => preflightIdentity !== entry.policy.preflightIdentity,
  );
  if (others.length === 0) {
    return false;
  }
  reportRewrite({ target: entry.target, asked, reached: { method: raw.method ?? '', url: raw.url ?? '' } });
  if (!others.some((policy) => mayAllow(policy, origin, state.verdictOf(policy)))) {
    return false;
  }
  const reason = refusalOf(lookup, entry.policy, request, raw, state);
  if (reason === undefined) {
    return false;
  }
  refuse(lookup, report, entry.target, reason, raw, response, state);
  return true;
}

/** Every policy that may have answered the preflight: a version that it could not carry leaves several. */
function preflightPolicies(
  lookup: PolicyLookup,
  request: unknown,
  { method, url }: RequestState,
): readonly CompiledPolicy[] {
  const candidates = lookup.platform.candidates({ request, method, url, preflight: true, anyVersion: true });
  return candidates.length === 0 ? [lookup.pathPolicy(url).policy] : candidates.map(({ policy }) => policy);
}

function mayAllow(policy: CompiledPolicy, origin: string, verdict: boolean | undefined): boolean {
  if (policy.state !== 'open') {
    return false;
  }
  const checked = policy.anyOrigin ? 'allowed' : checkOrigin(policy, origin, verdict);
  return checked === 'allowed' || checked === 'origin-undecided';
}
