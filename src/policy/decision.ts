/** Why a request was answered as it was. Stable codes: logs, tests and explanations share them. */
export type CorsReason =
  /** The origin, method and headers are all allowed. */
  | 'allowed'
  /** No Origin header: not a CORS request. */
  | 'no-origin'
  /** Origin is not what a browser can have sent. */
  | 'origin-malformed'
  /** `Origin: null`, which no list can allow. */
  | 'origin-null'
  /** No entry, predicate or resolver of the policy allows the origin. */
  | 'origin-not-allowed'
  /** The predicate or resolver of the policy that applied in the end was not called. */
  | 'origin-undecided'
  /** Access-Control-Request-Method is not a method that browsers send. */
  | 'method-malformed'
  /** Node.js accepts no request with this method, such as `patch`: browsers change only six methods to upper case. */
  | 'method-unknown'
  /** The policy lists `methods`, and not this one. */
  | 'method-not-allowed'
  /** Access-Control-Request-Headers is over its limits or has bytes that no header name has. */
  | 'headers-malformed'
  /** A name in Access-Control-Request-Headers is not among `allowedHeaders`. */
  | 'header-not-allowed'
  /** `@DisableCors()`, or a path policy of `false`. */
  | 'disabled'
  /** The path can be read in two ways that have different policies (`paths`). */
  | 'path-ambiguous'
  /** No level sets an origin, or the policy is `untouched`. */
  | 'no-policy';

/** The outcome of a decision. */
export type CorsOutcome = 'allowed' | 'refused' | 'untouched';

/** The decision about a request, as data. Other code applies it to the response. */
export interface CorsDecision {
  /** Whether the request is allowed, refused or left alone. */
  readonly outcome: CorsOutcome;
  /** The stable code of why. */
  readonly reason: CorsReason;
  /** Headers to set: flat pairs of name and value. */
  readonly headers: readonly string[];
  /** Request header names the answer depends on, to be added to Vary. */
  readonly vary: readonly string[];
  /** Whether no cache may store the response, whatever other code sets: a refused actual request. */
  readonly noStore?: true;
}

/** What of a request decides. */
export interface CorsRequestFacts {
  /** The Origin header as it arrived. */
  readonly origin: string | undefined;
  /** For predicates and resolvers: what they said. Any value but `true` denies. */
  readonly originAllowed?: boolean | undefined;
  /** Access-Control-Request-Method of a preflight; absent on an actual request. */
  readonly requestedMethod?: string | undefined;
  /** The methods that the server accepts; any method where it is absent. */
  readonly knownMethods?: ReadonlySet<string> | undefined;
  /** Access-Control-Request-Headers of a preflight. */
  readonly requestedHeaders?: string | undefined;
  /** Whether other handlers of the same URL have another policy, so that nothing may be cached. */
  readonly uncacheable?: boolean | undefined;
}
