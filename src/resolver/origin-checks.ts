import type { OriginPredicate, OriginResolver } from '../origin/origin-resolver.js';
import { type Clock, systemClock } from './clock.js';
import type { ResolverEnvironment } from './origin-cache.js';
import { type OriginCheck, type SafeOriginCheck, safeOriginCheck } from './origin-check.js';
import type { ReportResolverEvent } from './resolver-event.js';
import { type ResolverOptions, resolverSettings } from './resolver-options.js';
import { SharedAnswerStore } from './shared-answer-store.js';

/**
 * All resolvers and predicates of one application, with what they share: settings, clock, reporter, store.
 *
 * With a store, `forget` and `forgetAll` reach every instance. Another instance goes on with what it holds for at most
 * `localTtl`, and a question it has already asked may still bring the old answer, hence `localTtl + timeout` in all. A
 * store that is down misses the message; it is made good by the next request that finds the store working again, and
 * until then other instances keep a forgotten yes for `allowedTtl + localTtl` at most.
 */
export class OriginChecks {
  readonly #environment: ResolverEnvironment;
  readonly #checks = new Map<OriginPredicate | OriginResolver, SafeOriginCheck>();
  readonly #names = new Set<string>();

  /**
   * @param options read by `RESOLVER_TABLE`
   * @param report told about every failure, on the request path
   */
  constructor(options: ResolverOptions | undefined, report: ReportResolverEvent, clock: Clock = systemClock) {
    const settings = resolverSettings(options);
    const { store, cache } = settings;
    const shared = cache && store !== undefined ? new SharedAnswerStore(store, settings, clock, report) : undefined;
    this.#environment = Object.freeze({ settings, clock, report, shared });
  }

  /**
   * Makes a resolver or predicate safe to call; call it at boot. The same one always has the same cache, whichever
   * policies it serves.
   *
   * @param name the resolver's class or the predicate's place, the same at every instance. A name that is taken gets a
   * number, so that answers are never mixed up; instances that boot with the same code number alike.
   */
  checkFor(name: string, source: OriginPredicate | OriginResolver): OriginCheck {
    let check = this.#checks.get(source);
    if (check === undefined) {
      const unique = this.#uniqueName(name);
      this.#names.add(unique);
      check = safeOriginCheck(unique, source, this.#environment);
      this.#checks.set(source, check);
    }
    return check.check;
  }

  /**
   * Forgets what is known about one origin, for every resolver, predicate and cache key: here at once, at other
   * instances as described above.
   *
   * @returns a promise that is never rejected and done when the store has been told, or has failed
   */
  async forget(origin: string): Promise<void> {
    const forgetHere = () =>
      this.#caches().flatMap((cache) => cache.forget(origin).map((key) => ({ resolver: cache.name, key })));
    const answers = forgetHere();
    const { shared } = this.#environment;
    if (shared !== undefined) {
      await shared.forget(origin, answers);
      forgetHere(); // who asked meanwhile may have found the old answer in the store
    }
  }

  /** Forgets everything, like {@link OriginChecks.forget}. */
  async forgetAll(): Promise<void> {
    const forgetHere = () => {
      for (const cache of this.#caches()) {
        cache.forgetAll();
      }
    };
    forgetHere();
    const { shared } = this.#environment;
    if (shared !== undefined) {
      await shared.forgetAll();
      forgetHere();
    }
  }

  #uniqueName(name: string): string {
    let unique = name;
    for (let number = 2; this.#names.has(unique); number += 1) {
      unique = `${name}#${number}`;
    }
    return unique;
  }

  #caches() {
    return [...this.#checks.values()].flatMap((check) => check.cache ?? []);
  }
}
