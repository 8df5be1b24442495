import { randomUUID } from 'node:crypto';
import { answerWithTimeout, Failure } from './answer-with-timeout.js';
import type { Clock } from './clock.js';
import type { ReportResolverEvent } from './resolver-event.js';
import type { OriginStore, ResolverSettings } from './resolver-options.js';

/** How long a store is not used after it failed, in milliseconds, so that an outage does not slow every request. */
export const STORE_PAUSE = 5_000;

/** How long the token of the namespace lives, in milliseconds. If it expires early, all answers are looked up again. */
const GENERATION_TTL = 86_400_000;

/** How much longer than the last old answer the token of an origin lives, in milliseconds: some stores are slow. */
const TOKEN_MARGIN = 60_000;

const TOKEN = /^[0-9a-f-]{36}$/;

/** The generation tokens of an answer: of the namespace and of the origin. It counts while both are current. */
export type GenerationTokens = string;

/** The result of reading the store. */
export interface StoredAnswer {
  /** Absent while the store cannot be used; then nothing is written either. */
  readonly tokens?: GenerationTokens;
  /** Absent where the store has no current answer. */
  readonly allowed?: boolean;
}

const NOTHING: StoredAnswer = Object.freeze({});

/**
 * Answers in a store that instances share, and their invalidation. Nothing here throws or rejects.
 *
 * - `<namespace>:answer:<resolver>:<origin>[ <cacheKey>]` holds `v1 yes <tokens> <its own key>`, or `no`
 * - `<namespace>:generation` holds the token of the namespace; `forgetAll` replaces it
 * - `<namespace>:forgotten:<origin>` holds the token of one origin; `forget` replaces it, usually there is none
 *
 * All three are read together. An answer from before a `forget` has old tokens, so it does not count, even when another
 * instance writes it later. Answers are compared as a whole and never parsed. They repeat their key, because some
 * stores shorten or clean keys, and a tenant must not get the answer of another tenant.
 */
export class SharedAnswerStore {
  readonly #store: OriginStore;
  readonly #settings: ResolverSettings;
  readonly #clock: Clock;
  readonly #report: ReportResolverEvent;
  readonly #timeout: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Whether the current outage is reported. */
  #isReported = false;
  /** Whether the store missed a `forget`. Then nothing in it counts until it has a new generation. */
  #needsGeneration = false;
  /** Shared by the lookups that find no generation at the same time. */
  #renewal: Promise<GenerationTokens | undefined> | undefined;

  constructor(store: OriginStore, settings: ResolverSettings, clock: Clock, report: ReportResolverEvent) {
    this.#store = store;
    this.#settings = settings;
    this.#clock = clock;
    this.#report = report;
    // A read takes at most two of these, so that the resolver has half of the time when the store hangs.
    this.#timeout = Math.max(1, Math.floor(settings.timeout / 4));
  }

  /**
   * @param resolver its name, the same at every instance
   * @param key the origin, or the origin, a space and the cache key
   */
  async read(resolver: string, origin: string, key: string): Promise<StoredAnswer> {
    if (this.#clock.now() < this.#pausedUntil) {
      return NOTHING;
    }
    if (this.#needsGeneration && (await this.#renewedGeneration()) === undefined) {
      return NOTHING;
    }
    const answerKey = this.#answerKey(resolver, key);
    const keys = [this.#generationKey, this.#tokenKey(origin), answerKey];
    const found = await this.#attempt(() => Promise.all(keys.map(async (one) => this.#store.get(one))));
    if (found instanceof Failure) {
      return NOTHING;
    }
    const [current, token, answer] = found;
    const generation = isToken(current) ? current : await this.#renewedGeneration();
    if (generation === undefined) {
      return NOTHING;
    }
    const tokens = `${generation} ${isToken(token) ? token : '-'}`;
    if (answer === answerText(true, tokens, answerKey)) {
      return { tokens, allowed: true };
    }
    return answer === answerText(false, tokens, answerKey) ? { tokens, allowed: false } : { tokens };
  }

  /**
   * Writes an answer, in the background.
   *
   * @param tokens as read before the resolver was called
   */
  write(resolver: string, key: string, allowed: boolean, tokens: GenerationTokens): void {
    const ttl = allowed ? this.#settings.allowedTtl : this.#settings.deniedTtl;
    // To some stores a time to live of 0 means forever.
    if (ttl === 0 || this.#clock.now() < this.#pausedUntil) {
      return;
    }
    const answerKey = this.#answerKey(resolver, key);
    void this.#set(answerKey, answerText(allowed, tokens, answerKey), ttl);
  }

  /**
   * Invalidates every answer for an origin.
   *
   * @param answers those that may exist, to be deleted
   */
  async forget(origin: string, answers: readonly { readonly resolver: string; readonly key: string }[]): Promise<void> {
    const { allowedTtl, deniedTtl, timeout } = this.#settings;
    const ttl = Math.max(allowedTtl, deniedTtl) + timeout + TOKEN_MARGIN;
    if (!(await this.#set(this.#tokenKey(origin), randomUUID(), ttl))) {
      this.#needsGeneration = true;
      return;
    }
    const keys = answers.map(({ resolver, key }) => this.#answerKey(resolver, key));
    await this.#attempt(() => Promise.all(keys.map(async (key) => this.#store.delete(key))));
  }

  /** Invalidates every answer in the namespace. */
  async forgetAll(): Promise<void> {
    // Not the renewal that may be under way: answers from before may already have its token.
    await this.#newGeneration();
  }

  #renewedGeneration(): Promise<GenerationTokens | undefined> {
    this.#renewal ??= this.#newGeneration().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #newGeneration(): Promise<GenerationTokens | undefined> {
    const generation = randomUUID();
    this.#needsGeneration = !(await this.#set(this.#generationKey, generation, GENERATION_TTL));
    return this.#needsGeneration ? undefined : generation;
  }

  async #set(key: string, value: string, ttl: number): Promise<boolean> {
    const stored = await this.#attempt(() => this.#store.set(key, value, ttl));
    if (stored instanceof Failure) {
      return false;
    }
    if (stored === false) {
      this.#pause('did not store a value');
      return false;
    }
    // A read proves nothing: a store may swallow its errors and find nothing, or refuse only writes.
    this.#isReported = false;
    return true;
  }

  /** @param operation if it calls the store several times, each call is `async`: if one throws, the other rejections are handled */
  async #attempt<Result>(operation: () => Promise<Result>): Promise<Result | Failure> {
    const result = await answerWithTimeout(operation, this.#timeout, this.#clock);
    if (result instanceof Failure) {
      this.#pause(result.code === 'resolver-timeout' ? result.message : 'failed', result.error);
    }
    return result as Result | Failure;
  }

  #pause(reason: string, error?: unknown): void {
    this.#pausedUntil = this.#clock.now() + STORE_PAUSE;
    if (this.#isReported) {
      return;
    }
    this.#isReported = true;
    const message = `The store ${reason}. Resolvers are called without it until it works again.`;
    this.#report({ code: 'store-failed', message, error });
  }

  get #generationKey(): string {
    return `${this.#settings.namespace}:generation`;
  }

  #tokenKey(origin: string): string {
    return `${this.#settings.namespace}:forgotten:${origin}`;
  }

  #answerKey(resolver: string, key: string): string {
    return `${this.#settings.namespace}:answer:${resolver}:${key}`;
  }
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

function answerText(allowed: boolean, tokens: GenerationTokens, answerKey: string): string {
  return `v1 ${allowed ? 'yes' : 'no'} ${tokens} ${answerKey}`;
}
