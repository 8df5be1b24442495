/**
 * What a predicate, or a resolver that is not cached by origin alone, is told about the request. Plain data: changing it
 * changes nothing.
 */
export interface OriginContext {
  /**
   * The platform's own request object (Express `Request`, Fastify `FastifyRequest`), before any middleware: no body, user
   * or session yet. `undefined` when `CorsService` or `OriginResolverService` asks.
   */
  readonly request: unknown;
  /** The method of the actual request: for a preflight the method asked for. */
  readonly method: string;
  /** The request target as it arrived, query included. Text from the network: escape it before logging. */
  readonly path: string;
  /** The controller class the actual request will reach; absent where no handler is routed. */
  readonly controller?: unknown;
  /** The handler method the actual request will reach; absent where no handler is routed. */
  readonly handler?: unknown;
  /** Where the policy comes from, for example `UsersController.remove` or `CorsModule`. */
  readonly policy: string;
  /** Whether a preflight is being answered. */
  readonly preflight: boolean;
}

/** Decides from the origin alone. Only the value `true` allows; throwing, rejecting or being late denies. */
export interface CachedOriginResolver {
  /**
   * Whether the origin is allowed.
   * @param origin a well-formed serialized origin, never `null`
   * @see https://fetch.spec.whatwg.org/#cors-check
   */
  resolve(origin: string): boolean | Promise<boolean>;
  /** Absent: the origin alone is the key. */
  readonly cacheKey?: undefined;
  /** Absent: answers are cached. */
  readonly cache?: undefined;
}

/** Decides from the origin and the request. Answers are cached under `cacheKey(context)` together with the origin. */
export interface KeyedOriginResolver {
  /** Whether the origin is allowed for the request. */
  resolve(origin: string, context: OriginContext): boolean | Promise<boolean>;
  /**
   * What else the answer depends on, for example a tenant: at most 256 UTF-16 code units. Anything else is logged as
   * `resolver-cache-key`, and the request is asked about without the cache; throwing denies.
   */
  cacheKey(context: OriginContext): string;
  /** Absent: answers are cached. */
  readonly cache?: undefined;
}

/** Decides from the origin and the request, asked anew every time. */
export interface UncachedOriginResolver {
  /** Whether the origin is allowed for the request. */
  resolve(origin: string, context: OriginContext): boolean | Promise<boolean>;
  /** Switches caching off. */
  readonly cache: false;
  /** Absent: nothing is cached. */
  readonly cacheKey?: undefined;
}

/**
 * A provider of the application that says which origins are allowed. Pass its class as `origin`; it is taken from the
 * application's injector with its own dependencies.
 *
 * Answers are cached by origin, and such a resolver is never shown the request. One whose answer depends on more says
 * so, with `cacheKey` or `cache = false`, and is told about the request: otherwise one tenant's yes could be served to
 * another. A class that reads the context and declares neither is no valid `origin`.
 */
export interface OriginResolver {
  /**
   * Whether the origin is allowed. Only the value `true` allows; throwing, rejecting or being late denies.
   *
   * @param origin a well-formed serialized origin, never `null`
   * @param context what is known of the request; only given together with `cacheKey` or `cache = false`
   */
  resolve(origin: string, context: OriginContext): boolean | Promise<boolean>;
  /**
   * What else the answer depends on, for example a tenant: at most 256 UTF-16 code units. Anything else is logged as
   * `resolver-cache-key`, and the request is asked about without the cache; throwing denies.
   */
  cacheKey?(context: OriginContext): string;
  /**
   * Switches caching off for this resolver.
   * @default cached
   */
  readonly cache?: false;
}

/** The resolvers whose answers can not reach the wrong request: what `origin` takes. */
export type CacheSafeOriginResolver = CachedOriginResolver | KeyedOriginResolver | UncachedOriginResolver;

/** The class of an {@link OriginResolver}; recognised by a `resolve` method on its prototype. */
// biome-ignore lint/suspicious/noExplicitAny: constructor parameters of an injectable are its own business
export type OriginResolverClass = new (...dependencies: any[]) => CacheSafeOriginResolver;

/**
 * A function that says whether an origin is allowed. Only the value `true` allows. One that declares the second
 * parameter is told about the request and its answers are not cached; of any other, promises are cached, and what it
 * answers at once is asked for each time. Throwing, rejecting or being later than `resolver.timeout` denies.
 *
 * With `credentials: true`, one that is not an `async` function is called once at boot with an invented origin, to warn
 * of a predicate that allows everything.
 */
export type OriginPredicate = (origin: string, context: OriginContext) => boolean | Promise<boolean>;
