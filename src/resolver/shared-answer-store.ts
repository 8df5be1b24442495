import { randomUUID } from 'node:crypto';
import { settleWithin } from './answer-with-timeout.js';
import type { Clock } from './clock.js';
import { type ReportResolverEvent, reportSafely } from './resolver-event.js';
import type { OriginStore, ResolverSettings } from './resolver-options.js';

/** After a failure the store is left alone for so many milliseconds, so that an outage does not slow every request. */
export const STORE_PAUSE = 5_000;

/** How long a generation lives, in milliseconds; losing it earlier only costs the answers made under it. */
const GENERATION_TTL = 86_400_000;

/** What a mark may outlive the last answer it voids by, in milliseconds: for stores that are slow to obey. */
const MARK_MARGIN = 60_000;

/** Reads as absent, so that a mark that is not one of ours never counts. */
const MARK = /^[0-9a-f-]{36}$/;

/** The marks an answer was made under; an answer counts only while they are still the current ones. */
export type Marks = string;

/** What the store knows. */
export interface SharedReading {
  /** Absent while the store cannot be used: then nothing may be written either. */
  readonly marks?: Marks;
  /** Absent where the store has no current answer. */
  readonly allowed?: boolean;
}

const NOTHING: SharedReading = Object.freeze({});

/**
 * The second level: answers in a store that instances share, and their invalidation. Nothing here throws or rejects.
 *
 * - `<namespace>:answer:<resolver>:<origin>[ <cacheKey>]` holds `v1 yes <marks> <its own key>`, or `no`
 * - `<namespace>:generation` holds the mark of everything; `forgetAll` replaces it
 * - `<namespace>:forgotten:<origin>` holds the mark of one origin; `forget` replaces it, usually there is none
 *
 * All three are read together. An answer made before a `forget` bears the old marks and is void wherever and whenever it
 * is written, so an instance that was still asking its resolver cannot bring it back. Answers are compared as a whole,
 * never parsed: anything else found in the store is no answer. They repeat their key because some stores shorten or
 * clean keys, and one tenant's answer must not be found under another's.
 */
export class SharedAnswerStore {
  readonly #store: OriginStore;
  readonly #settings: ResolverSettings;
  readonly #clock: Clock;
  readonly #report: ReportResolverEvent;
  readonly #deadline: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Whether the outage has been reported. */
  #failing = false;
  /** Whether the store missed a `forget`: nothing in it counts until it has a new generation. */
  #owesGeneration = false;
  /** A generation being set because there was none, for all who miss it at the same time. */
  #renewal: Promise<Marks | undefined> | undefined;

  constructor(store: OriginStore, settings: ResolverSettings, clock: Clock, report: ReportResolverEvent) {
    this.#store = store;
    this.#settings = settings;
    this.#clock = clock;
    this.#report = report;
    // A hanging store must leave the resolver most of the time there is: a look takes at most two of these.
    this.#deadline = Math.max(1, Math.floor(settings.timeout / 4));
  }

  /**
   * @param resolver a name, the same at every instance
   * @param key the origin, or the origin, a space and the cache key
   */
  async read(resolver: string, origin: string, key: string): Promise<SharedReading> {
    if (this.#clock.now() < this.#pausedUntil) {
      return NOTHING;
    }
    if (this.#owesGeneration && (await this.#renewedGeneration()) === undefined) {
      return NOTHING;
    }
    const answerKey = this.#answerKey(resolver, key);
    const found = await this.#attempt(() =>
      Promise.all([
        this.#store.get(this.#generationKey),
        this.#store.get(this.#markKey(origin)),
        this.#store.get(answerKey),
      ]),
    );
    if (found === undefined) {
      return NOTHING;
    }
    const [currentGeneration, mark, answer] = found;
    const generation = isMark(currentGeneration) ? currentGeneration : await this.#renewedGeneration();
    if (generation === undefined) {
      return NOTHING;
    }
    const marks = `${generation} ${isMark(mark) ? mark : '-'}`;
    if (answer === answerText(true, marks, answerKey)) {
      return { marks, allowed: true };
    }
    return answer === answerText(false, marks, answerKey) ? { marks, allowed: false } : { marks };
  }

  /**
   * Shares an answer, in the background.
   *
   * @param marks as they were read before the resolver was asked
   */
  write(resolver: string, key: string, allowed: boolean, marks: Marks): void {
    const ttl = allowed ? this.#settings.allowedTtl : this.#settings.deniedTtl;
    if (ttl > 0 && this.#clock.now() >= this.#pausedUntil) {
      const answerKey = this.#answerKey(resolver, key);
      void this.#set(answerKey, answerText(allowed, marks, answerKey), ttl);
    }
  }

  /**
   * Voids every answer about an origin.
   *
   * @param answers the answers known to exist: removed for tidiness
   */
  async forget(origin: string, answers: readonly { readonly resolver: string; readonly key: string }[]): Promise<void> {
    const { allowedTtl, deniedTtl, timeout } = this.#settings;
    const ttl = Math.max(allowedTtl, deniedTtl) + timeout + MARK_MARGIN;
    if (!(await this.#set(this.#markKey(origin), randomUUID(), ttl))) {
      this.#owesGeneration = true;
      return;
    }
    const keys = answers.map(({ resolver, key }) => this.#answerKey(resolver, key));
    await this.#attempt(() => Promise.all(keys.map((key) => this.#store.delete(key))));
  }

  /** Voids every answer in the namespace. */
  async forgetAll(): Promise<void> {
    // Its own generation: one that is being set already may be borne by answers from before.
    await this.#newGeneration();
  }

  #renewedGeneration(): Promise<Marks | undefined> {
    this.#renewal ??= this.#newGeneration().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #newGeneration(): Promise<Marks | undefined> {
    const generation = randomUUID();
    this.#owesGeneration = !(await this.#set(this.#generationKey, generation, GENERATION_TTL));
    return this.#owesGeneration ? undefined : generation;
  }

  async #set(key: string, value: string, ttl: number): Promise<boolean> {
    const stored = await this.#attempt(async () => ({ result: await this.#store.set(key, value, ttl) }));
    if (stored === undefined) {
      return false;
    }
    if (stored.result === false) {
      this.#failed('did not store a value');
      return false;
    }
    // Only this shows that the store works: one may swallow its errors and find nothing instead, or refuse just writes.
    this.#failing = false;
    return true;
  }

  /** @returns `undefined` where the store failed, which has then been dealt with */
  async #attempt<Result extends object>(operation: () => Promise<Result>): Promise<Result | undefined> {
    // Inside a promise, because a method of the store may also throw at once.
    const pending = new Promise<Result>((resolve) => resolve(operation()));
    const answer = await settleWithin(pending, this.#deadline, this.#clock);
    switch (answer.status) {
      case 'fulfilled':
        return answer.value as Result;
      case 'rejected':
        this.#failed('failed', answer.error);
        return undefined;
      case 'late':
        this.#failed(`did not answer within ${this.#deadline} ms`);
        return undefined;
    }
  }

  #failed(what: string, error?: unknown): void {
    this.#pausedUntil = this.#clock.now() + STORE_PAUSE;
    if (!this.#failing) {
      this.#failing = true;
      const message = `The store ${what}; resolvers are asked instead until it works again.`;
      reportSafely(this.#report, { code: 'store-failed', message, error });
    }
  }

  get #generationKey(): string {
    return `${this.#settings.namespace}:generation`;
  }

  #markKey(origin: string): string {
    return `${this.#settings.namespace}:forgotten:${origin}`;
  }

  #answerKey(resolver: string, key: string): string {
    return `${this.#settings.namespace}:answer:${resolver}:${key}`;
  }
}

function isMark(value: unknown): value is Marks {
  return typeof value === 'string' && MARK.test(value);
}

function answerText(allowed: boolean, marks: Marks, answerKey: string): string {
  return `v1 ${allowed ? 'yes' : 'no'} ${marks} ${answerKey}`;
}
