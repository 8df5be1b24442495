import type { CorsPolicyOptions, EnforceOption, ResourcePolicyOption } from '../../policy/policy-options.js';

/** The options of a route's policy, with defaults. On routes that are not open, nothing is allowed. */
export interface CorsRoutePolicy {
  /**
   * Sorted origins and patterns, `['*']`, or one name: `predicate isPartner`, `resolver TenantOrigins`. Empty on routes
   * that are not open.
   */
  readonly origin: readonly string[];
  /** Where no level sets `methods`: the method of the route, or `['*']` for a route that answers every method. */
  readonly methods: readonly string[];
  /** Sorted lower-case names, or `*`. */
  readonly allowedHeaders: readonly string[];
  /** Sorted lower-case names, or `*`. */
  readonly exposedHeaders: readonly string[];
  /** Whether pages may send cookies, TLS client certificates and HTTP authentication. */
  readonly credentials: boolean;
  /** In seconds, as declared; `undefined` if no Access-Control-Max-Age is sent. */
  readonly maxAge: number | undefined;
  /** The status of the answer to an allowed preflight. */
  readonly optionsSuccessStatus: number;
  /** The requests that are refused with 403 if the policy does not allow their origin. */
  readonly enforce: EnforceOption;
  /** Whether `enforce` only reports. */
  readonly enforceReportOnly: boolean;
  /** The Cross-Origin-Resource-Policy of responses; `undefined` if none is set. */
  readonly resourcePolicy: ResourcePolicyOption | undefined;
  /** Whether `http:` origins may have credentials. */
  readonly dangerouslyAllowInsecureOrigins: boolean;
}

/** A route of the application, and the CORS policy that applies to it. Frozen. */
export interface CorsRoute {
  /** An upper-case method, or `ALL` for a route that answers every method. */
  readonly method: string;
  /** As the platform registers it, with global prefix and URI version. An entry of `paths` also covers every path below it. */
  readonly path: string;
  /** The versions that the route answers, where they are not part of the path. `neutral` stands for VERSION_NEUTRAL. */
  readonly versions: readonly string[] | undefined;
  /** The host names of the controller. A regular expression is its source text. */
  readonly host: readonly string[] | undefined;
  /** Fastify's route constraints, by strategy. Values that are not text are shown as source text. */
  readonly constraints: Readonly<Record<string, string>> | undefined;
  /**
   * The handler (`OrdersController.remove`). On a route without a handler, the place of its policy: `paths "/docs"` or
   * `CorsModule`.
   */
  readonly target: string;
  /**
   * - `open`: the policy decides.
   * - `untouched`: no level sets an origin, or `'untouched'`. CORS headers of other code stay.
   * - `disabled`: `@DisableCors()`, or `policy: false`. No cross-origin access.
   */
  readonly state: 'open' | 'untouched' | 'disabled';
  /** The options that apply to the route. */
  readonly policy: CorsRoutePolicy;
  /** The place of each option: `OrdersController.remove`, `OrdersController`, `policy "partners"`, `CorsModule` or `default`. */
  readonly sources: Readonly<Record<keyof CorsPolicyOptions, string>>;
  /**
   * Whether browsers may cache the answer to a preflight. They may not where `maxAge` is 0, where routes of one URL have
   * different policies, and on routes that are not open.
   */
  readonly cacheable: boolean;
}
