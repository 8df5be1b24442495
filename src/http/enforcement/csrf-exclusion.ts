import { allowsCredentials } from '../../policy/decide.js';
import { type Exchange, exchangeOf } from '../exchange.js';
import type { PolicyLookup } from '../policy-lookup.js';

/** Checks a request for CSRF, and returns the error of a refused one. Nest registers it with the adapter. */
export type SecurityHook = (request: object, response: object) => unknown;

const EXCHANGE = Symbol.for('nestjs-cors.csrf-exchange');
const LOOKUP = Symbol.for('nestjs-cors.csrf-lookup');

/** Marks a request that was never sent. {@link isCsrfExcluded} excludes it, so protection that uses it refuses none. */
export const STAND_IN = Symbol.for('nestjs-cors.csrf-stand-in');

/** A request that Nest checks for CSRF. The properties are on the request, because predicates receive nothing else. */
interface CheckedRequest {
  [EXCHANGE]?: Exchange | undefined;
  [LOOKUP]?: PolicyLookup;
  [STAND_IN]?: true;
}

/** Notes the exchange of each request before a hook checks the request, for {@link isCsrfExcluded}. */
export function notingExchanges(hook: SecurityHook, responseKey: symbol, lookup: PolicyLookup): SecurityHook {
  return (request: CheckedRequest, response) => {
    request[EXCHANGE] = exchangeOf(response, responseKey);
    request[LOOKUP] = lookup;
    return hook(request, response);
  };
}

/**
 * Whether CSRF protection can leave a request out, because the policy of its route allows its origin to send
 * credentials. `false` for a request that Nest does not check. Never throws.
 */
export function isCsrfExcluded(request: unknown): boolean {
  const { [EXCHANGE]: exchange, [LOOKUP]: lookup, [STAND_IN]: isStandIn } = (request ?? {}) as CheckedRequest;
  if (exchange === undefined || lookup === undefined) {
    return isStandIn === true;
  }
  try {
    return allowsOrigin(exchange, lookup);
  } catch {
    return false; // There are no policies yet, or code of the application threw, for example a trust-proxy function.
  }
}

/** Middleware may have changed the URL or the method. Then the request that arrived and the changed one must both be allowed. */
function allowsOrigin(exchange: Exchange, lookup: PolicyLookup): boolean {
  const { request, raw, match, first } = exchange;
  const { method = '', url = '', headers } = raw;
  const { origin } = headers;
  if (typeof origin !== 'string') {
    return false;
  }
  const policies = new Set([
    ...(match === undefined ? lookup.possiblePolicies(exchange) : [match.policy]),
    ...lookup.possiblePolicies({ request, method, url, preflight: false }),
  ]);
  return (
    [...policies].every((policy) => allowsCredentials(policy, origin, exchange.verdictOf(policy))) &&
    (first === undefined || allowsOrigin(first, lookup))
  );
}
