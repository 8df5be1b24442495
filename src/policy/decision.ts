/** The reason of a decision. Logs, tests and explanations use these codes, which do not change between versions. */
export type CorsReason =
  /** The origin, method and headers are all allowed. */
  | 'allowed'
  /** No Origin header: not a CORS request. */
  | 'no-origin'
  /** No browser can have sent this Origin. */
  | 'origin-malformed'
  /** `Origin: null`. No list can allow it. */
  | 'origin-null'
  /** The list, predicate or resolver of the policy does not allow the origin. */
  | 'origin-not-allowed'
  /** The policy that applied in the end has a predicate or resolver that was not called. */
  | 'origin-undecided'
  /** Access-Control-Request-Method is not a method that browsers send. */
  | 'method-malformed'
  /** Node.js accepts no request with this method, such as `patch`. Browsers change only six methods to upper case. */
  | 'method-unknown'
  /** The policy lists `methods` without this one. */
  | 'method-not-allowed'
  /** Access-Control-Request-Headers is too long or has bytes that no header name has. */
  | 'headers-malformed'
  /** A name in Access-Control-Request-Headers is not among `allowedHeaders`. */
  | 'header-not-allowed'
  /** `@DisableCors()`, or a path policy of `false`. */
  | 'disabled'
  /** The path has two possible meanings with different policies (`paths`). */
  | 'path-ambiguous'
  /** No level sets an origin, or the policy is `untouched`. */
  | 'no-policy'
  /** The request was served, but `enforce` would have refused it without `enforceReportOnly`. */
  | 'would-refuse';

/** The outcome of a decision. */
export type CorsOutcome = 'allowed' | 'refused' | 'untouched';

/** The decision about a request, as data. Other code applies it to the response. */
export interface CorsDecision {
  /** Whether the request is allowed, refused or left untouched. */
  readonly outcome: CorsOutcome;
  /** The reason of the outcome. */
  readonly reason: CorsReason;
  /** Headers to set: flat pairs of name and value. */
  readonly headers: readonly string[];
  /** The request headers that the response depends on, for Vary. */
  readonly vary: readonly string[];
  /** Whether no cache may store the response, even if other code allows it. Set for a refused actual request. */
  readonly noStore?: true;
}

/** The parts of a request that a decision depends on. */
export interface CorsRequestFacts {
  /** The Origin header as it arrived. */
  readonly origin: string | undefined;
  /** The answer of the predicate or resolver, if the policy has one. Any value but `true` denies. */
  readonly originAllowed?: boolean | undefined;
  /** Access-Control-Request-Method of a preflight; absent on an actual request. */
  readonly requestedMethod?: string | undefined;
  /** The methods that the server accepts. If absent, any method. */
  readonly knownMethods?: ReadonlySet<string> | undefined;
  /** Access-Control-Request-Headers of a preflight. */
  readonly requestedHeaders?: string | undefined;
  /** Whether other handlers of the URL have another policy, so that browsers must not cache the response. */
  readonly uncacheable?: boolean | undefined;
}
