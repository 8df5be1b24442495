/**
 * The request, as predicates with a second parameter and resolvers with `cacheKey` or `cache = false` receive it. Plain
 * data: changing it has no effect.
 */
export interface OriginContext {
  /**
   * The platform's own request object (Express `Request`, Fastify `FastifyRequest`), before any middleware: no body,
   * user or session yet. `undefined` in calls of `CorsService` and `OriginResolverService`.
   */
  readonly request: unknown;
  /** The method of the actual request; in a preflight, the method that it announces. */
  readonly method: string;
  /** The request target as received, with its query. Text from the network: escape it before logging. */
  readonly path: string;
  /** The controller class that the actual request reaches; absent if no handler matches. */
  readonly controller?: unknown;
  /** The handler method that the actual request reaches; absent if no handler matches. */
  readonly handler?: unknown;
  /** The source of the policy, for example `UsersController.remove` or `CorsModule`. */
  readonly policy: string;
  /** Whether the request is a preflight. */
  readonly preflight: boolean;
}

/** Decides by origin only. Only `true` allows; an error, a rejection or a timeout denies. */
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

/** Decides by origin and request. Answers are cached by origin and `cacheKey(context)`. */
export interface KeyedOriginResolver {
  /** Whether the origin is allowed for the request. */
  resolve(origin: string, context: OriginContext): boolean | Promise<boolean>;
  /**
   * What else the answer depends on, for example a tenant: at most 256 UTF-16 code units. For any other value the
   * resolver is called without the cache, and `resolver-cache-key` is logged. Throwing denies.
   */
  cacheKey(context: OriginContext): string;
  /** Absent: answers are cached. */
  readonly cache?: undefined;
}

/** Decides by origin and request, and is called for every request. */
export interface UncachedOriginResolver {
  /** Whether the origin is allowed for the request. */
  resolve(origin: string, context: OriginContext): boolean | Promise<boolean>;
  /** Switches caching off. */
  readonly cache: false;
  /** Absent: nothing is cached. */
  readonly cacheKey?: undefined;
}

/**
 * A provider of the application that decides which origins are allowed. Pass its class as `origin`. The instance comes
 * from the injector, with its dependencies.
 *
 * Answers are cached by origin, so the resolver does not receive the request. If the answer depends on the request,
 * declare `cacheKey` or `cache = false`. Otherwise the answer for one tenant would be reused for another tenant, so a
 * class that reads the context without them is not a valid `origin`.
 */
export interface OriginResolver {
  /**
   * Whether the origin is allowed. Only `true` allows; an error, a rejection or a timeout denies.
   *
   * @param origin a well-formed serialized origin, never `null`
   * @param context the request; only with `cacheKey` or `cache = false`
   */
  resolve(origin: string, context: OriginContext): boolean | Promise<boolean>;
  /**
   * What else the answer depends on, for example a tenant: at most 256 UTF-16 code units. For any other value the
   * resolver is called without the cache, and `resolver-cache-key` is logged. Throwing denies.
   */
  cacheKey?(context: OriginContext): string;
  /**
   * Switches caching off for this resolver.
   * @default cached
   */
  readonly cache?: false;
}

/** The resolvers that `origin` accepts: their answers cannot be reused for a wrong request. */
export type CacheSafeOriginResolver = CachedOriginResolver | KeyedOriginResolver | UncachedOriginResolver;

/** The class of an {@link OriginResolver}; recognised by a `resolve` method on its prototype. */
// biome-ignore lint/suspicious/noExplicitAny: an injectable may have any constructor parameters
export type OriginResolverClass = new (...dependencies: any[]) => CacheSafeOriginResolver;

/**
 * A function that decides whether an origin is allowed. Only `true` allows; an error, a rejection or a timeout (see
 * `resolver.timeout`) denies. With a second parameter it receives the request and nothing is cached. Without one its
 * promises are cached, and its synchronous answers are not.
 *
 * With `credentials: true`, a function that is not `async` is called once at boot with an invented origin, to warn of a
 * predicate that allows every origin.
 */
export type OriginPredicate = (origin: string, context: OriginContext) => boolean | Promise<boolean>;
