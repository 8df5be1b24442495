import { isWellFormedOrigin } from '../origin/grammar/origin-grammar.js';
import type { OriginContext, OriginPredicate, OriginResolver } from '../origin/origin-resolver.js';
import { Failure } from './answer-with-timeout.js';
import { OriginLookups, type ResolverEnvironment } from './origin-lookups.js';

/** The longest `cacheKey`, in UTF-16 code units. Keys may come from the network and stay in memory. */
export const CACHE_KEY_LIMIT = 256;

/**
 * Whether an origin is allowed: synchronously where the answer is cached, otherwise as a promise that never rejects and
 * never takes longer than `timeout`. `undefined` for a malformed origin, which is not looked up.
 *
 * @param origin as received
 * @param context creates the context of the request; called only for code that reads it
 */
export type OriginCheck = (origin: string, context: () => OriginContext) => boolean | Promise<boolean> | undefined;

/** A resolver or predicate that is safe to call. */
export interface SafeOriginCheck {
  readonly check: OriginCheck;
  /** The lookups that may have cached answers; absent where nothing is cached. */
  readonly cached?: OriginLookups;
}

/**
 * Makes a resolver or predicate safe to call, and caches its answers where that is correct:
 *
 * - A resolver is cached by origin and never receives the context.
 * - A resolver with `cacheKey` is cached by origin and key, and receives the context.
 * - A resolver with `cache: false` and a predicate with a second parameter receive the context and are never cached.
 * - Any other predicate receives only the origin. Its promises are cached, its synchronous answers are not.
 *
 * With `resolver: { cache: false }` nothing is cached, and everything else stays the same: a `cacheKey` that throws
 * still denies.
 *
 * @param name in events and in the store: the same at every instance, and unique
 */
export function safeOriginCheck(
  name: string,
  source: OriginPredicate | OriginResolver,
  environment: ResolverEnvironment,
): SafeOriginCheck {
  const isPredicate = typeof source === 'function';
  const call = (isPredicate ? source : (...parameters: [string, OriginContext]) => source.resolve(...parameters)) as (
    origin: string,
    context?: OriginContext,
  ) => unknown;
  const isKeyed = !isPredicate && source.cacheKey !== undefined;
  const isUncached = isPredicate ? source.length >= 2 : source.cache === false;
  const lookups = new OriginLookups(
    {
      name,
      call: isKeyed || isUncached ? call : (origin) => call(origin),
      cachesSynchronous: !isPredicate,
    },
    environment,
  );
  if (isUncached) {
    return { check: ifWellFormed((origin, context) => lookups.lookUpUncached(origin, context)) };
  }
  const cached = environment.settings.cache ? lookups : undefined;
  if (isKeyed) {
    return { check: ifWellFormed(keyedCheck(source as KeyedSource, lookups, cached !== undefined)), cached };
  }
  if (cached === undefined) {
    return { check: ifWellFormed((origin) => lookups.lookUpUncached(origin)) };
  }
  return {
    // A cached origin was well-formed when it was looked up.
    check: (origin) => cached.cached(origin) ?? (isWellFormedOrigin(origin) ? cached.lookUp(origin) : undefined),
    cached,
  };
}

type KeyedSource = Required<Pick<OriginResolver, 'cacheKey'>>;

function ifWellFormed(check: OriginCheck): OriginCheck {
  return (origin, context) => (isWellFormedOrigin(origin) ? check(origin, context) : undefined);
}

function keyedCheck(resolver: KeyedSource, lookups: OriginLookups, isCached: boolean): OriginCheck {
  return (origin, createContext) => {
    let context: OriginContext;
    let cacheKey: unknown;
    try {
      context = createContext();
      cacheKey = resolver.cacheKey(context);
    } catch (error) {
      lookups.report(origin, new Failure('resolver-threw', 'threw an error in cacheKey', error));
      return false;
    }
    if (!isCached) {
      return lookups.lookUpUncached(origin, () => context);
    }
    if (typeof cacheKey === 'string' && cacheKey.length <= CACHE_KEY_LIMIT) {
      return lookups.lookUp(origin, cacheKey, context);
    }
    const fault = typeof cacheKey === 'string' ? `longer than ${CACHE_KEY_LIMIT} characters` : 'not a string';
    lookups.report(origin, new Failure('resolver-cache-key', `was called without the cache: its cacheKey is ${fault}`));
    return lookups.lookUpUncached(origin, () => context);
  };
}
