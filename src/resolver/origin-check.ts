import { isWellFormedOrigin } from '../origin/grammar/origin-grammar.js';
import type { KeyedOriginResolver, OriginContext, OriginPredicate, OriginResolver } from '../origin/origin-resolver.js';
import { answerWithTimeout, type Outcome } from './answer-with-timeout.js';
import { OriginCache, type ResolverEnvironment } from './origin-cache.js';
import { type ResolverEvent, reportSafely } from './resolver-event.js';

/** The longest `cacheKey` that is accepted, in UTF-16 code units: keys may come from the network and are held. */
export const CACHE_KEY_LIMIT = 256;

/**
 * Whether an origin is allowed: at once where that is known, otherwise as a promise that is never rejected and never
 * later than `timeout`. `undefined` for a malformed origin, which is never checked.
 *
 * @param origin as it was received
 * @param context makes what the user's code is told about the request; called only for code that is told
 */
export type OriginCheck = (origin: string, context: () => OriginContext) => boolean | Promise<boolean> | undefined;

/** A resolver or predicate made safe to call. */
export interface SafeOriginCheck {
  readonly check: OriginCheck;
  /** Absent for what is never cached. */
  readonly cache?: OriginCache;
}

/**
 * Makes a resolver or predicate safe to call, with the caching that is correct for it.
 *
 * - A resolver is cached by origin and never sees the context.
 * - A resolver with `cacheKey` is cached by origin and key, and sees the context.
 * - A resolver with `cache: false` is asked every time and sees the context.
 * - A predicate that declares a second parameter is asked every time and sees the context.
 * - Any other predicate sees only the origin. Its promises are cached; what it answers at once is not.
 *
 * With `resolver: { cache: false }` nothing is cached; who sees the context stays the same, and a `cacheKey` is still
 * asked for, because one that throws denies.
 *
 * @param name names it in events and in the store: the same at every instance, and no other's
 */
export function safeOriginCheck(
  name: string,
  source: OriginPredicate | OriginResolver,
  environment: ResolverEnvironment,
): SafeOriginCheck {
  const uncached = uncachedAsk(name, environment);
  const isPredicate = typeof source === 'function';
  const call = (isPredicate ? source : (...parameters: [string, OriginContext]) => source.resolve(...parameters)) as (
    origin: string,
    context?: OriginContext,
  ) => unknown;
  const untold = (origin: string) => call(origin);

  const keyed = !isPredicate && source.cache !== false && source.cacheKey !== undefined;
  const everyTime = isPredicate ? source.length >= 2 : source.cache === false;
  if (everyTime) {
    return Object.freeze<SafeOriginCheck>({
      check: ifWellFormed((origin, context) => uncached(origin, () => call(origin, context()))),
    });
  }
  if (keyed) {
    const cache = environment.settings.cache
      ? new OriginCache({ name, call, keepsSynchronous: true }, environment)
      : undefined;
    const check = ifWellFormed(keyedAsk(name, source as KeyedOriginResolver, cache, environment));
    return Object.freeze<SafeOriginCheck>(cache === undefined ? { check } : { check, cache });
  }
  if (!environment.settings.cache) {
    return Object.freeze<SafeOriginCheck>({ check: ifWellFormed((origin) => uncached(origin, () => untold(origin))) });
  }
  const cache = new OriginCache({ name, call: untold, keepsSynchronous: !isPredicate }, environment);
  const check = ifWellFormed((origin) => cache.ask(origin));
  // What is known was well-formed when it was asked, so that it need not be read again.
  return Object.freeze<SafeOriginCheck>({
    check: (origin, context) => cache.known(origin) ?? check(origin, context),
    cache,
  });
}

function ifWellFormed(check: OriginCheck): OriginCheck {
  return (origin, context) => (isWellFormedOrigin(origin) ? check(origin, context) : undefined);
}

function keyedAsk(
  name: string,
  resolver: KeyedOriginResolver,
  cache: OriginCache | undefined,
  environment: ResolverEnvironment,
): OriginCheck {
  const uncached = uncachedAsk(name, environment);
  const report = (origin: string, code: ResolverEvent['code'], what: string, error?: unknown) =>
    reportSafely(environment.report, { code, message: `${name} ${what}.`, resolver: name, origin, error });
  return (origin, makeContext) => {
    let context: OriginContext;
    let cacheKey: unknown;
    try {
      context = makeContext();
      cacheKey = resolver.cacheKey(context);
    } catch (error) {
      report(origin, 'resolver-threw', 'threw an error in cacheKey', error);
      return false;
    }
    if (cache === undefined) {
      return uncached(origin, () => resolver.resolve(origin, context));
    }
    if (typeof cacheKey === 'string' && cacheKey.length <= CACHE_KEY_LIMIT) {
      return cache.ask(origin, cacheKey, context);
    }
    const fault = typeof cacheKey === 'string' ? `longer than ${CACHE_KEY_LIMIT} characters` : 'not a string';
    report(origin, 'resolver-cache-key', `was asked without the cache: its cacheKey is ${fault}`);
    return uncached(origin, () => resolver.resolve(origin, context));
  };
}

function uncachedAsk(
  name: string,
  { settings, clock, report }: ResolverEnvironment,
): (origin: string, call: () => unknown) => boolean | Promise<boolean> {
  const conclude = (origin: string, outcome: Outcome): boolean => {
    if (typeof outcome === 'boolean') {
      return outcome;
    }
    const { code, message, error } = outcome;
    reportSafely(report, { code, message: `${name} ${message}.`, resolver: name, origin, error });
    return false;
  };
  return (origin, call) => {
    const outcome = answerWithTimeout(call, settings.timeout, clock);
    return outcome instanceof Promise
      ? outcome.then((settled) => conclude(origin, settled))
      : conclude(origin, outcome);
  };
}
