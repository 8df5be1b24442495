import type { Enforcement } from './enforcement/enforcement.js';
import type { Exchange, PolicyMatch } from './exchange.js';
import type { EarlyAnswer } from './http-platform.js';
import type { PolicyLookup } from './policy-lookup.js';

/**
 * Calls predicates and resolvers before the handler runs, and enforces the policies of paths that have no handler. For
 * a passed-on preflight, the origin is checked for the handler that answers OPTIONS, because that handler may enforce.
 * Otherwise the platform answers it.
 */
export function prepareActual(lookup: PolicyLookup, enforcement: Enforcement, exchange: Exchange): EarlyAnswer {
  if (exchange.isSameOrigin) {
    return 'continue';
  }
  const match = lookup.lookUp(exchange);
  exchange.match = match;
  const isPassedOn = exchange.headUntouched;
  if (isPassedOn && !('handler' in match)) {
    return 'continue';
  }
  const allowed = lookup.checkOrigin(exchange, exchange, match);
  return allowed instanceof Promise
    ? proceedLater(allowed, enforcement, exchange, match)
    : proceed(allowed, enforcement, exchange, match);
}

/** Separate, because V8 allocates for a closure even when its branch is not taken. */
function proceedLater(
  allowed: Promise<boolean>,
  enforcement: Enforcement,
  exchange: Exchange,
  match: PolicyMatch,
): Promise<'continue' | 'answered'> {
  return allowed.then((later) => proceed(later, enforcement, exchange, match));
}

function proceed(
  allowed: boolean | undefined,
  enforcement: Enforcement,
  exchange: Exchange,
  match: PolicyMatch,
): 'continue' | 'answered' {
  if (allowed !== undefined) {
    exchange.verdict = { policy: match.policy, allowed };
  }
  return enforcement.refusesPath(match, exchange) ? 'answered' : 'continue';
}
