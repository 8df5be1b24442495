import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.js';
import type { ResolverSettings } from './resolver-options.js';
import type { Marks } from './shared-answer-store.js';

/** While a past answer stands in for a failing resolver, the resolver is asked again after so many milliseconds. */
export const RETRY_PAUSE = 1_000;

/** One question to a resolver, from the miss to the answer. */
export interface Question {
  readonly origin: string;
  /** The origin, or the origin, a space and the cache key. */
  readonly key: string;
  /** Counts up; a later question has the newer answer. */
  readonly sequence: number;
  /** As read from the store before the resolver was asked. */
  readonly marks?: Marks;
}

interface Entry extends Question {
  readonly allowed: boolean;
  /** The clock's time until which it is the answer. */
  readonly freshUntil: number;
  /** The clock's time until which it may stand in for a failing resolver. */
  readonly usableUntil: number;
}

/** The first level of the cache: the answers of one resolver, the least recently used dropped beyond `maxEntries`. */
export class LocalAnswerCache {
  readonly #settings: ResolverSettings;
  readonly #clock: Clock;
  /** Made with the first answer to keep: most predicates answer at once and need none. */
  #entries: LRUCache<string, Entry> | undefined;
  /**
   * Questions up to this one were asked before the last `forget`; their answers are not kept. That this includes other
   * origins costs one more question each, and saves a list of what was forgotten.
   */
  #forgotten = 0;

  constructor(settings: ResolverSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries?.size ?? 0;
  }

  /** The answer, as long as it lives. */
  fresh(key: string): boolean | undefined {
    const entry = this.#entries?.get(key);
    return entry !== undefined && this.#clock.now() < entry.freshUntil ? entry.allowed : undefined;
  }

  /** @returns whether the answer counts from now on: asked for after the last `forget`, and the newest there is */
  keep(question: Question, allowed: boolean): boolean {
    const { origin, key, sequence, marks } = question;
    const known = this.#entries?.peek(key);
    if (sequence <= this.#forgotten || (known !== undefined && known.sequence > sequence)) {
      return false;
    }
    const { allowedTtl, deniedTtl, localTtl, staleIfError, maxEntries, store } = this.#settings;
    const ttl = allowed ? allowedTtl : deniedTtl;
    const now = this.#clock.now();
    const freshUntil = now + (store === undefined ? ttl : Math.min(ttl, localTtl));
    const usableUntil = freshUntil + staleIfError;
    if (usableUntil > now) {
      this.#entries ??= new LRUCache({ max: maxEntries });
      this.#entries.set(key, { origin, key, sequence, marks, allowed, freshUntil, usableUntil });
    } else {
      this.#entries?.delete(key);
    }
    return true;
  }

  /** A past answer to serve in place of a failure, within `staleIfError`. */
  stale({ key, marks }: Question): boolean | undefined {
    const entry = this.#entries?.peek(key);
    const now = this.#clock.now();
    if (entry === undefined || now >= entry.usableUntil) {
      return undefined;
    }
    // Other marks than then: somebody forgot the origin, here or at another instance. So they may have where the answer
    // has no marks, because the store was down or not asked.
    if (marks !== undefined && marks !== entry.marks) {
      this.#entries?.delete(key);
      return undefined;
    }
    const freshUntil = Math.max(entry.freshUntil, Math.min(now + RETRY_PAUSE, entry.usableUntil));
    this.#entries?.set(key, { ...entry, freshUntil });
    return entry.allowed;
  }

  /**
   * @param asked the sequence of the last question asked
   * @returns the keys that were known
   */
  forget(origin: string, asked: number): readonly string[] {
    this.#forgotten = asked;
    const keys: string[] = [];
    // One origin may have many cache keys, so all entries are walked; forgetting is rare and never part of a request.
    for (const [key, entry] of this.#entries?.entries() ?? []) {
      if (entry.origin === origin) {
        keys.push(key);
      }
    }
    for (const key of keys) {
      this.#entries?.delete(key);
    }
    return keys;
  }

  /** @param asked the sequence of the last question asked */
  forgetAll(asked: number): void {
    this.#forgotten = asked;
    this.#entries?.clear();
  }
}
