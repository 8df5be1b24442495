/**
 * A store that instances share. It has three methods of a Keyv, so a Keyv with any backend fits as it is, also one of
 * the `stores` of the cache of `@nestjs/cache-manager`.
 *
 * A program that can write to the store can allow origins: share it only with programs that you trust.
 */
export interface OriginStore {
  /**
   * Reads a value.
   * @returns the value, or `undefined` or `null` if there is none
   */
  get(key: string): Promise<unknown>;
  /**
   * Stores a value.
   * @param value a string
   * @param ttl milliseconds until the value expires
   * @returns anything; `false` says that the value was not stored
   */
  set(key: string, value: string, ttl: number): Promise<unknown>;
  /** Deletes a value. */
  delete(key: string): Promise<unknown>;
}

/**
 * `resolver` of `CorsModule.forRoot()`: how the answers of origin resolvers and asynchronous predicates are cached, and
 * how long a call may take. All times are whole milliseconds.
 */
export interface ResolverOptions {
  /**
   * Whether answers are cached. With `false` every request calls the resolver; `timeout` still applies.
   * @default true
   */
  readonly cache?: boolean;
  /**
   * How many answers are cached for each resolver, 1 to 1,000,000. Beyond that the least recently used one is dropped:
   * a flood of invented origins does not grow the process, and does not evict the answers of another resolver.
   * @default 10000
   */
  readonly maxEntries?: number;
  /**
   * How long the answer `true` is cached, in milliseconds; 0 is not at all. An origin that you remove from your list
   * stays allowed for this time, unless you call `OriginResolverService.forget()`.
   * @default 60000
   */
  readonly allowedTtl?: number;
  /**
   * How long the answer `false` is cached, in milliseconds; 0 is not at all.
   * @default 10000
   */
  readonly deniedTtl?: number;
  /**
   * How long after its time to live an answer may still be served, in milliseconds, if the resolver throws, rejects or
   * times out. 0, the default, denies instead. While a stale answer is served, the resolver is called at most once a
   * second for it.
   * @default 0
   */
  readonly staleIfError?: number;
  /**
   * How long a resolver or predicate may take, in milliseconds, reading the `store` included; 1 to 2,147,483,647. After
   * that the origin is denied.
   * @default 2000
   */
  readonly timeout?: number;
  /**
   * A second cache that instances share. Not used by default. While the store fails or hangs, resolvers are called
   * without it.
   */
  readonly store?: OriginStore;
  /**
   * With a `store`: how long an answer is served from memory before the store is read again, in milliseconds. After
   * `forget()` at one instance, the others stop serving the answer within `localTtl + timeout`. 0 reads the store for
   * every request.
   * @default 5000
   */
  readonly localTtl?: number;
  /**
   * The beginning of the keys in the `store`: 1 to 64 of the characters `A-Z a-z 0-9 . _ : -`. Applications that share
   * a store but not their answers need different namespaces.
   * @default 'nestjs-cors'
   */
  readonly namespace?: string;
}

/** {@link ResolverOptions} with the defaults filled in. Frozen. */
export type ResolverSettings = Required<Omit<ResolverOptions, 'store'>> & Pick<ResolverOptions, 'store'>;

/** The defaults of {@link ResolverOptions}. */
export const RESOLVER_DEFAULTS = Object.freeze({
  cache: true,
  maxEntries: 10_000,
  allowedTtl: 60_000,
  deniedTtl: 10_000,
  staleIfError: 0,
  timeout: 2_000,
  localTtl: 5_000,
  namespace: 'nestjs-cors',
} satisfies ResolverSettings);

/** Fills in the defaults. Reads own properties only; `undefined` counts as not set. */
export function resolverSettings(options: ResolverOptions = {}): ResolverSettings {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.freeze({ ...RESOLVER_DEFAULTS, store: undefined, ...Object.fromEntries(set) });
}
