import type { Clock } from './clock.js';
import { RecentEntries } from './recent-entries.js';
import type { ResolverSettings } from './resolver-options.js';
import type { GenerationTokens } from './shared-answer-store.js';

/** How long a stale answer is served before the failing resolver is called again, in milliseconds. */
const RETRY_PAUSE = 1_000;

/** One lookup that the cache could not answer. */
export interface Lookup {
  readonly origin: string;
  /** The origin, or the origin, a space and the cache key. */
  readonly key: string;
  /** Counts up: the answer with the highest number is the newest. */
  readonly sequence: number;
  /** As read from the store before the resolver is called. */
  readonly tokens?: GenerationTokens;
}

interface Entry extends Lookup {
  readonly allowed: boolean;
  /** Until this time of the clock it is served. */
  readonly freshUntil: number;
  /** Until this time of the clock it is served where the resolver fails. */
  readonly usableUntil: number;
}

/** The answers of one resolver in memory. Beyond `maxEntries` the least recently used one is dropped. */
export class LocalAnswerCache {
  readonly #settings: ResolverSettings;
  readonly #clock: Clock;
  readonly #entries: RecentEntries<Entry>;
  /**
   * Lookups up to this number began before the last `forget`, and their answers are dropped. Those of other origins
   * too: that costs each one more lookup, and saves a list of forgotten origins.
   */
  #forgottenUpTo = 0;

  constructor(settings: ResolverSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#entries = new RecentEntries(settings.maxEntries);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The answer, within its time to live. */
  get(key: string): boolean | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#clock.now() < entry.freshUntil ? entry.allowed : undefined;
  }

  /** @returns false for an answer that is out of date: forgotten, or older than the cached one */
  set(lookup: Lookup, allowed: boolean): boolean {
    const { key, sequence } = lookup;
    const cached = this.#entries.peek(key);
    if (sequence <= this.#forgottenUpTo || (cached !== undefined && cached.sequence > sequence)) {
      return false;
    }
    const { allowedTtl, deniedTtl, localTtl, staleIfError, store } = this.#settings;
    const ttl = allowed ? allowedTtl : deniedTtl;
    const now = this.#clock.now();
    const freshUntil = now + (store === undefined ? ttl : Math.min(ttl, localTtl));
    const usableUntil = freshUntil + staleIfError;
    if (usableUntil > now) {
      this.#entries.set(key, { ...lookup, allowed, freshUntil, usableUntil });
    } else {
      this.#entries.delete(key);
    }
    return true;
  }

  /** A past answer to serve because the resolver failed, within `staleIfError`. */
  getStale({ key, tokens }: Lookup): boolean | undefined {
    const entry = this.#entries.peek(key);
    const now = this.#clock.now();
    if (entry === undefined || now >= entry.usableUntil) {
      return undefined;
    }
    // The origin was forgotten since, here or at another instance. An answer without tokens was made while the store
    // was down, so it may be forgotten too.
    if (tokens !== undefined && tokens !== entry.tokens) {
      this.#entries.delete(key);
      return undefined;
    }
    const freshUntil = Math.max(entry.freshUntil, Math.min(now + RETRY_PAUSE, entry.usableUntil));
    this.#entries.set(key, { ...entry, freshUntil });
    return entry.allowed;
  }

  /**
   * @param lastSequence of the last lookup that began
   * @returns the keys of the dropped answers
   */
  forget(origin: string, lastSequence: number): readonly string[] {
    this.#forgottenUpTo = lastSequence;
    // An origin may have many cache keys, so this reads all entries. No request waits for it.
    const keys = [...this.#entries.values()].filter((entry) => entry.origin === origin).map(({ key }) => key);
    for (const key of keys) {
      this.#entries.delete(key);
    }
    return keys;
  }

  /** @param lastSequence of the last lookup that began */
  forgetAll(lastSequence: number): void {
    this.#forgottenUpTo = lastSequence;
    this.#entries.clear();
  }
}
