import { MAX_ORIGIN_LENGTH } from '../origin/grammar/origin-grammar.js';
import type { OriginContext } from '../origin/origin-resolver.js';
import { answerWithTimeout, Failure } from './answer-with-timeout.js';
import type { Clock } from './clock.js';
import { LocalAnswerCache, type Lookup } from './local-answer-cache.js';
import type { ReportResolverEvent } from './resolver-event.js';
import type { ResolverSettings } from './resolver-options.js';
import type { SharedAnswerStore } from './shared-answer-store.js';

/** The parts that the lookups of one application share. */
export interface ResolverEnvironment {
  readonly settings: ResolverSettings;
  readonly clock: Clock;
  /** Never throws. */
  readonly report: ReportResolverEvent;
  /** Present where `settings.store` is set and the cache is on. */
  readonly shared?: SharedAnswerStore;
}

/** A resolver or predicate, ready to be called. */
export interface LookupSource {
  /** Its name in events and in the store: the same at every instance, and unique. */
  readonly name: string;
  readonly call: (origin: string, context: OriginContext | undefined) => unknown;
  /** Whether synchronous answers are cached too. For a predicate a cached one would only be older. */
  readonly cachesSynchronous: boolean;
}

interface Flight {
  readonly origin: string;
  readonly answer: Promise<boolean>;
}

/**
 * Looks origins up in one resolver or predicate, with a bounded cache, one call for concurrent requests, and a timeout.
 *
 * - Only `true` allows. A failure denies, or serves a stale answer within `staleIfError`. Failures are reported and not
 *   cached: the next request calls the resolver again.
 * - A cached answer is returned synchronously.
 * - An answer after the timeout is cached for the next request, unless a newer answer arrived, the origin was
 *   forgotten, or there is a shared store: another instance may have forgotten the origin there.
 */
export class OriginLookups {
  readonly #source: LookupSource;
  readonly #environment: ResolverEnvironment;
  readonly #cache: LocalAnswerCache;
  readonly #flights = new Map<string, Flight>();
  /** The number of the last lookup. */
  #sequence = 0;
  /** Whether the source ever returned a promise. Until then a predicate is called without reading the store. */
  #asynchronous: boolean;

  constructor(source: LookupSource, environment: ResolverEnvironment) {
    this.#source = source;
    this.#environment = environment;
    this.#cache = new LocalAnswerCache(environment.settings, environment.clock);
    this.#asynchronous = source.cachesSynchronous;
  }

  get name(): string {
    return this.#source.name;
  }

  /** The number of cached answers, at most `maxEntries`. */
  get size(): number {
    return this.#cache.size;
  }

  /** The number of calls that have not answered yet. */
  get pending(): number {
    return this.#flights.size;
  }

  /** The cached answer for an origin, which may be any text. */
  cached(origin: string): boolean | undefined {
    return origin.length > MAX_ORIGIN_LENGTH ? undefined : this.#cache.get(origin);
  }

  /**
   * Whether an origin is allowed. Never throws, never rejects, never takes longer than `timeout`.
   *
   * @param origin a well-formed origin, never `null`
   * @param cacheKey what else the answer depends on
   * @param context for the resolver
   */
  lookUp(origin: string, cacheKey?: string, context?: OriginContext): boolean | Promise<boolean> {
    // An origin contains no space, so the keys of two pairs differ.
    const key = cacheKey === undefined ? origin : `${origin} ${cacheKey}`;
    return this.#cache.get(key) ?? this.#flights.get(key)?.answer ?? this.#lookUpMissing(origin, key, context);
  }

  /**
   * Like {@link lookUp}, without the cache.
   *
   * @param context creates the context for the resolver
   */
  lookUpUncached(origin: string, context?: () => OriginContext): boolean | Promise<boolean> {
    const { settings, clock } = this.#environment;
    const answer = answerWithTimeout(() => this.#source.call(origin, context?.()), settings.timeout, clock);
    return answer instanceof Promise
      ? answer.then((settled) => this.#conclude(origin, settled))
      : this.#conclude(origin, answer);
  }

  /**
   * Drops all answers for an origin, under every cache key. Requests that arrive later do not get the answer of a call
   * that began before.
   *
   * @returns the keys that may have answers, here or in the store
   */
  forget(origin: string): readonly string[] {
    const keys = new Set([origin, ...this.#cache.forget(origin, this.#sequence)]);
    for (const [key, flight] of this.#flights) {
      if (flight.origin !== origin) {
        continue;
      }
      keys.add(key);
      this.#flights.delete(key);
    }
    return [...keys];
  }

  /** Drops all answers, like {@link forget}. */
  forgetAll(): void {
    this.#cache.forgetAll(this.#sequence);
    this.#flights.clear();
  }

  /** Reports a failure of the source. */
  report(origin: string, { code, message, error }: Failure): void {
    this.#environment.report({ code, message: `${this.name} ${message}.`, resolver: this.name, origin, error });
  }

  #lookUpMissing(origin: string, key: string, context: OriginContext | undefined): boolean | Promise<boolean> {
    this.#sequence += 1;
    const lookup: Lookup = { origin, key, sequence: this.#sequence };
    const { shared, settings } = this.#environment;
    const answer =
      shared !== undefined && this.#asynchronous
        ? this.#readStoreFirst(shared, lookup, context)
        : this.#call(lookup, context, settings.timeout);
    return answer instanceof Promise ? this.#share(lookup, answer) : answer;
  }

  async #readStoreFirst(
    shared: SharedAnswerStore,
    lookup: Lookup,
    context: OriginContext | undefined,
  ): Promise<boolean> {
    const { clock, settings } = this.#environment;
    const started = clock.now();
    const { tokens, allowed } = await shared.read(this.name, lookup.origin, lookup.key);
    if (allowed === undefined) {
      return this.#call({ ...lookup, tokens }, context, settings.timeout - (clock.now() - started));
    }
    this.#cache.set({ ...lookup, tokens }, allowed);
    return allowed;
  }

  /** Shares one promise among the requests that arrive until it settles. */
  #share({ origin, key }: Lookup, answer: Promise<boolean>): Promise<boolean> {
    const flight: Flight = {
      origin,
      answer: answer.then((allowed) => {
        // After `forget`, a newer flight may have this key.
        if (this.#flights.get(key) === flight) {
          this.#flights.delete(key);
        }
        return allowed;
      }),
    };
    this.#flights.set(key, flight);
    return flight.answer;
  }

  #call(lookup: Lookup, context: OriginContext | undefined, milliseconds: number): boolean | Promise<boolean> {
    const { clock, shared } = this.#environment;
    const { origin } = lookup;
    const cacheLate = (answer: unknown) => {
      if (typeof answer === 'boolean') {
        this.#cache.set(lookup, answer);
      }
    };
    const answer = answerWithTimeout(
      () => this.#source.call(origin, context),
      milliseconds,
      clock,
      shared === undefined ? cacheLate : undefined,
    );
    if (answer instanceof Promise) {
      this.#asynchronous = true;
      return answer.then((settled) => this.#conclude(origin, settled, lookup));
    }
    const isCached = this.#source.cachesSynchronous || typeof answer !== 'boolean';
    return this.#conclude(origin, answer, isCached ? lookup : undefined);
  }

  /** @param lookup absent where nothing is cached */
  #conclude(origin: string, answer: unknown, lookup?: Lookup): boolean {
    if (typeof answer === 'boolean') {
      const isCurrent = lookup !== undefined && this.#cache.set(lookup, answer);
      if (isCurrent && lookup.tokens !== undefined) {
        this.#environment.shared?.write(this.name, lookup.key, answer, lookup.tokens);
      }
      return answer;
    }
    if (answer instanceof Failure) {
      this.report(origin, answer);
      return lookup !== undefined && this.#cache.getStale(lookup) === true;
    }
    const received = answer === null ? 'null' : typeof answer;
    this.report(origin, new Failure('resolver-not-boolean', `answered ${received} instead of true or false`));
    return false;
  }
}
