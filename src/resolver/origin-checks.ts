import type { OriginPredicate, OriginResolver } from '../origin/origin-resolver.js';
import { type Clock, systemClock } from './clock.js';
import { type OriginCheck, type SafeOriginCheck, safeOriginCheck } from './origin-check.js';
import type { OriginLookups, ResolverEnvironment } from './origin-lookups.js';
import type { ReportResolverEvent, ResolverEvent } from './resolver-event.js';
import { type ResolverOptions, resolverSettings } from './resolver-options.js';
import { SharedAnswerStore } from './shared-answer-store.js';

/**
 * All resolvers and predicates of one application, and what they share: settings, clock, reporter, store.
 *
 * With a store, `forget` and `forgetAll` reach every instance. Another instance may serve a cached answer for
 * `localTtl` and the answer of a call that has begun for `timeout`, so `localTtl + timeout` in all. If the store is
 * down, the next request that finds it working again makes up for it. Until then other instances serve a forgotten
 * answer for at most `allowedTtl + localTtl`.
 */
export class OriginChecks {
  readonly #environment: ResolverEnvironment;
  readonly #checks = new Map<OriginPredicate | OriginResolver, SafeOriginCheck & { readonly name: string }>();
  readonly #names = new Set<string>();
  readonly #observers = new Set<ReportResolverEvent>();

  /**
   * @param options validated
   * @param report receives every failure, during requests; an error that it throws is dropped
   */
  constructor(options: ResolverOptions | undefined, report: ReportResolverEvent, clock: Clock = systemClock) {
    const settings = resolverSettings(options);
    const reportSafely = (event: ResolverEvent) => {
      try {
        report(event);
      } catch {
        // A broken log must not change the response.
      }
      for (const observe of this.#observers) {
        observe(event);
      }
    };
    const { store, cache } = settings;
    const shared =
      cache && store !== undefined ? new SharedAnswerStore(store, settings, clock, reportSafely) : undefined;
    this.#environment = { settings, clock, report: reportSafely, shared };
  }

  /**
   * Makes a resolver or predicate safe to call. To be called at boot. All policies with the same resolver share a
   * cache.
   *
   * @param name the class of the resolver or the place of the predicate, the same at every instance. A second one of
   * the same name gets a number; instances that boot with the same code number alike.
   */
  checkFor(name: string, source: OriginPredicate | OriginResolver): OriginCheck {
    let check = this.#checks.get(source);
    if (check === undefined) {
      let unique = name;
      for (let number = 2; this.#names.has(unique); number += 1) {
        unique = `${name}#${number}`;
      }
      this.#names.add(unique);
      check = { name: unique, ...safeOriginCheck(unique, source, this.#environment) };
      this.#checks.set(source, check);
    }
    return check.check;
  }

  /** The name of a check in events; `undefined` for a check of other code. */
  nameOf(check: OriginCheck): string | undefined {
    return [...this.#checks.values()].find((one) => one.check === check)?.name;
  }

  /**
   * Passes every failure on as well, until the returned function is called.
   * @param observe must not throw
   */
  observe(observe: ReportResolverEvent): () => void {
    this.#observers.add(observe);
    return () => this.#observers.delete(observe);
  }

  /**
   * Drops all answers for one origin, of every resolver, predicate and cache key: here at once, at other instances as
   * described above.
   *
   * @returns a promise that never rejects; settled when the store is updated, or has failed
   */
  async forget(origin: string): Promise<void> {
    const forgetHere = () =>
      this.#cached().flatMap((lookups) => lookups.forget(origin).map((key) => ({ resolver: lookups.name, key })));
    const answers = forgetHere();
    const { shared } = this.#environment;
    if (shared === undefined) {
      return;
    }
    await shared.forget(origin, answers);
    // A request may have read the old answer from the store in the meantime.
    forgetHere();
  }

  /** Drops all answers, like {@link forget}. */
  async forgetAll(): Promise<void> {
    const forgetHere = () => {
      for (const lookups of this.#cached()) {
        lookups.forgetAll();
      }
    };
    forgetHere();
    const { shared } = this.#environment;
    if (shared === undefined) {
      return;
    }
    await shared.forgetAll();
    forgetHere();
  }

  #cached(): readonly OriginLookups[] {
    return [...this.#checks.values()].flatMap(({ cached }) => cached ?? []);
  }
}
