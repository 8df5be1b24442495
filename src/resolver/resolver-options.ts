/**
 * Somewhere answers are shared between instances: the three methods of a Keyv, so that a Keyv with any of its stores
 * fits as it is, also one of the `stores` that the cache of `@nestjs/cache-manager` holds.
 *
 * Who can write to the store can allow origins: share it with nothing less trusted than the application.
 */
export interface OriginStore {
  /**
   * Reads what was set.
   * @returns what was set, or `undefined` or `null`
   */
  get(key: string): Promise<unknown>;
  /**
   * Keeps a value for a time.
   * @param value a string
   * @param ttl milliseconds until the value disappears
   * @returns anything; `false` says that the value was not stored
   */
  set(key: string, value: string, ttl: number): Promise<unknown>;
  /** Forgets a value. */
  delete(key: string): Promise<unknown>;
}

/**
 * `resolver` of `CorsModule.forRoot()`: how answers of origin resolvers and asynchronous predicates are cached, and how
 * long one may take. All times are whole milliseconds.
 */
export interface ResolverOptions {
  /**
   * Whether answers are cached. `false` asks anew for every request; deadlines still apply.
   * @default true
   */
  readonly cache?: boolean;
  /**
   * How many answers are kept for each resolver, 1 to 1,000,000. The least recently used answer makes room, so that a
   * flood of invented origins cannot grow the process, and cannot push out the answers of another resolver.
   * @default 10000
   */
  readonly maxEntries?: number;
  /**
   * How long a yes is kept, in milliseconds. This is how long an origin stays allowed after it was taken off the list,
   * unless it is forgotten with `OriginResolverService.forget()`. 0 keeps none.
   * @default 60000
   */
  readonly allowedTtl?: number;
  /**
   * How long a no is kept, in milliseconds. 0 keeps none.
   * @default 10000
   */
  readonly deniedTtl?: number;
  /**
   * How long after its time to live a past answer may still be served, in milliseconds, when the resolver throws,
   * rejects or misses its deadline. 0, the default, denies instead: an origin whose permission cannot be confirmed has
   * none. While it is served the resolver is asked again at most once a second.
   * @default 0
   */
  readonly staleIfError?: number;
  /**
   * How long a resolver or predicate may take, in milliseconds, the look into `store` included; 1 to 2,147,483,647.
   * After that the origin is denied.
   * @default 2000
   */
  readonly timeout?: number;
  /**
   * A second level shared between instances. Not used by default. A store that fails or hangs is left out: resolvers
   * are asked, requests are served.
   */
  readonly store?: OriginStore;
  /**
   * With a `store`: how long an answer is used before the store is looked at again, in milliseconds. An answer forgotten
   * at one instance is gone from the others within `localTtl + timeout`. 0 looks at the store for every request.
   * @default 5000
   */
  readonly localTtl?: number;
  /**
   * What keys in the `store` begin with: 1 to 64 of the characters `A-Z a-z 0-9 . _ : -`. Applications that share a
   * store but not their answers need different ones.
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
  const own = <Name extends keyof ResolverOptions>(name: Name): ResolverOptions[Name] =>
    Object.hasOwn(options, name) ? options[name] : undefined;
  return Object.freeze({
    cache: own('cache') ?? RESOLVER_DEFAULTS.cache,
    maxEntries: own('maxEntries') ?? RESOLVER_DEFAULTS.maxEntries,
    allowedTtl: own('allowedTtl') ?? RESOLVER_DEFAULTS.allowedTtl,
    deniedTtl: own('deniedTtl') ?? RESOLVER_DEFAULTS.deniedTtl,
    staleIfError: own('staleIfError') ?? RESOLVER_DEFAULTS.staleIfError,
    timeout: own('timeout') ?? RESOLVER_DEFAULTS.timeout,
    store: own('store'),
    localTtl: own('localTtl') ?? RESOLVER_DEFAULTS.localTtl,
    namespace: own('namespace') ?? RESOLVER_DEFAULTS.namespace,
  });
}
