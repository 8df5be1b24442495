import { MAX_ORIGIN_LENGTH } from '../origin/grammar/origin-grammar.js';
import type { OriginContext } from '../origin/origin-resolver.js';
import { answerWithTimeout, type Outcome } from './answer-with-timeout.js';
import type { Clock } from './clock.js';
import { LocalAnswerCache, type Question } from './local-answer-cache.js';
import { type ReportResolverEvent, reportSafely } from './resolver-event.js';
import type { ResolverSettings } from './resolver-options.js';
import type { SharedAnswerStore } from './shared-answer-store.js';

/** What the caches of one application have in common. */
export interface ResolverEnvironment {
  readonly settings: ResolverSettings;
  readonly clock: Clock;
  readonly report: ReportResolverEvent;
  /** The second level; there where `settings.store` is. */
  readonly shared?: SharedAnswerStore;
}

/** Whose answers a cache keeps. */
export interface CachedCall {
  /** Names it in events and in the store: the same at every instance, and no other resolver's. */
  readonly name: string;
  /** Asks the user's code. The context is what {@link OriginCache.ask} was given. */
  readonly call: (origin: string, context: OriginContext | undefined) => unknown;
  /** Whether answers that come at once are kept too. Keeping those of a plain predicate would only make them old. */
  readonly keepsSynchronous: boolean;
}

interface Flight {
  readonly origin: string;
  readonly answer: Promise<boolean>;
}

/**
 * The answers of one resolver or predicate: bounded, with a time to live, and asked for once however many wait.
 *
 * - Only `true` allows. A failure denies, or serves a past answer within `staleIfError`. It is reported and not kept: the
 *   next request asks again.
 * - What is known is answered at once, without a promise.
 * - An answer after the deadline changes nothing that was answered. It is kept for the next request, unless a newer
 *   answer came meanwhile, the origin was forgotten, or a store is shared: there another instance may have forgotten it.
 */
export class OriginCache {
  readonly #source: CachedCall;
  readonly #environment: ResolverEnvironment;
  readonly #kept: LocalAnswerCache;
  readonly #flights = new Map<string, Flight>();
  /** Counts questions. */
  #sequence = 0;
  /** Whether the call was seen to return a promise. Until then the store is not looked at for a plain predicate. */
  #asynchronous: boolean;

  constructor(source: CachedCall, environment: ResolverEnvironment) {
    this.#source = source;
    this.#environment = environment;
    this.#kept = new LocalAnswerCache(environment.settings, environment.clock);
    this.#asynchronous = source.keepsSynchronous;
  }

  get name(): string {
    return this.#source.name;
  }

  /** How many answers are held. At most `maxEntries`. */
  get size(): number {
    return this.#kept.size;
  }

  /** How many questions are under way. */
  get pending(): number {
    return this.#flights.size;
  }

  /** What is known about an origin, without asking; `undefined` for nothing. Any text may be put to it. */
  known(origin: string): boolean | undefined {
    return origin.length > MAX_ORIGIN_LENGTH ? undefined : this.#kept.fresh(origin);
  }

  /**
   * Whether an origin is allowed. Never throws, never rejects, never takes longer than `timeout`.
   *
   * @param origin a well-formed origin, never `null`
   * @param cacheKey what else the answer depends on
   * @param context handed on to the call
   */
  ask(origin: string, cacheKey?: string, context?: OriginContext): boolean | Promise<boolean> {
    // An origin has no spaces, so no two pairs make the same key.
    const key = cacheKey === undefined ? origin : `${origin} ${cacheKey}`;
    return this.#kept.fresh(key) ?? this.#flights.get(key)?.answer ?? this.#askAnew(origin, key, context);
  }

  /**
   * Drops what is known about an origin, under whatever cache key. Who asks from now on does not get the answer of a
   * question asked before.
   *
   * @returns the keys under which something may be known, here or elsewhere
   */
  forget(origin: string): readonly string[] {
    const keys = new Set([origin, ...this.#kept.forget(origin, this.#sequence)]);
    for (const [key, flight] of this.#flights) {
      if (flight.origin === origin) {
        keys.add(key);
        this.#flights.delete(key);
      }
    }
    return [...keys];
  }

  /** Drops everything that is known, like {@link OriginCache.forget}. */
  forgetAll(): void {
    this.#kept.forgetAll(this.#sequence);
    this.#flights.clear();
  }

  #askAnew(origin: string, key: string, context: OriginContext | undefined): boolean | Promise<boolean> {
    this.#sequence += 1;
    const question: Question = { origin, key, sequence: this.#sequence };
    const { shared, settings } = this.#environment;
    if (shared !== undefined && this.#asynchronous) {
      return this.#fly(question, this.#askStoreFirst(shared, question, context));
    }
    const outcome = this.#call(question, context, settings.timeout);
    if (outcome instanceof Promise) {
      return this.#fly(
        question,
        outcome.then((settled) => this.#conclude(question, settled)),
      );
    }
    return this.#concludeAtOnce(question, outcome);
  }

  async #askStoreFirst(
    shared: SharedAnswerStore,
    unmarked: Question,
    context: OriginContext | undefined,
  ): Promise<boolean> {
    const { clock, settings } = this.#environment;
    const started = clock.now();
    const { marks, allowed } = await shared.read(this.name, unmarked.origin, unmarked.key);
    const question: Question = { ...unmarked, marks };
    if (allowed !== undefined) {
      this.#kept.keep(question, allowed);
      return allowed;
    }
    const outcome = this.#call(question, context, settings.timeout - (clock.now() - started));
    return outcome instanceof Promise
      ? this.#conclude(question, await outcome)
      : this.#concludeAtOnce(question, outcome);
  }

  /** Lets everybody who asks the same meanwhile wait for the same answer. */
  #fly({ origin, key }: Question, answer: Promise<boolean>): Promise<boolean> {
    const flight: Flight = {
      origin,
      answer: answer.then((allowed) => {
        // After a `forget` the place may belong to a newer flight.
        if (this.#flights.get(key) === flight) {
          this.#flights.delete(key);
        }
        return allowed;
      }),
    };
    this.#flights.set(key, flight);
    return flight.answer;
  }

  #call(question: Question, context: OriginContext | undefined, milliseconds: number): Outcome | Promise<Outcome> {
    const { clock, shared } = this.#environment;
    const outcome = answerWithTimeout(
      () => this.#source.call(question.origin, context),
      milliseconds,
      clock,
      shared === undefined ? (allowed) => this.#kept.keep(question, allowed) : undefined,
    );
    this.#asynchronous ||= outcome instanceof Promise;
    return outcome;
  }

  #concludeAtOnce(question: Question, outcome: Outcome): boolean {
    return typeof outcome === 'boolean' && !this.#source.keepsSynchronous ? outcome : this.#conclude(question, outcome);
  }

  #conclude(question: Question, outcome: Outcome): boolean {
    const { shared, report } = this.#environment;
    const { origin, key, marks } = question;
    if (typeof outcome === 'boolean') {
      if (this.#kept.keep(question, outcome) && marks !== undefined) {
        shared?.write(this.name, key, outcome, marks);
      }
      return outcome;
    }
    const { code, message, error } = outcome;
    reportSafely(report, { code, message: `${this.name} ${message}.`, resolver: this.name, origin, error });
    // A wrong type is an answer, only not the one that allows.
    return code !== 'resolver-not-boolean' && this.#kept.stale(question) === true;
  }
}
