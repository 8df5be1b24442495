import type { OriginContext } from '../origin/origin-resolver.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { Exchange } from './exchange.js';
import type { RouteQuery } from './http-platform.js';
import type { PolicyLookup, PolicyMatch } from './policy-lookup.js';

/**
 * Calls the predicate or resolver of a policy before the handler runs.
 *
 * @param query the request that is checked: the exchange itself, or the request that its preflight announces
 * @returns `undefined` for a policy that has neither, and for a malformed origin
 */
export function checkOriginEarly(
  lookup: PolicyLookup,
  exchange: Exchange,
  query: RouteQuery,
  match: PolicyMatch,
): boolean | Promise<boolean> | undefined {
  const check = lookup.originCheckOf(match.policy);
  return check === undefined ? undefined : callCheck(check, lookup, exchange, query, match);
}

/** Apart, because V8 allocates for the closure even where it is not made. */
function callCheck(
  check: OriginCheck,
  { platform }: PolicyLookup,
  { raw, response }: Exchange,
  query: RouteQuery,
  match: PolicyMatch,
): boolean | Promise<boolean> | undefined {
  return check(raw.headers.origin as string, () => {
    platform.present(query.request, response);
    return contextOf(query, match);
  });
}

/** What a predicate or resolver learns about a request. */
function contextOf({ request, method, url, preflight }: RouteQuery, match: PolicyMatch): OriginContext {
  return Object.freeze(
    'handler' in match
      ? {
          request,
          method,
          path: url,
          policy: match.target,
          preflight,
          controller: match.controller,
          handler: match.handler,
        }
      : { request, method, path: url, policy: match.policy.target, preflight },
  );
}
