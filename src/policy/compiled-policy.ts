import type { OriginMatcher } from '../origin/compile-origins.js';
import type { EnforceOption } from './policy-options.js';
import type { PolicySource } from './policy-source.js';

/**
 * What a route's policy comes to.
 * - `open`: it has an origin, our decision is the last word.
 * - `untouched`: no level sets an origin, or `@Cors('untouched')`; we add nothing and remove nothing.
 * - `disabled`: `@DisableCors()`; no cross-origin access, whoever else sets headers.
 * - `ambiguous`: the path can be read as one of several with different policies; answered like `disabled`.
 */
export type PolicyState = 'open' | 'untouched' | 'disabled' | 'ambiguous';

/**
 * A policy as the request path reads it: frozen, every list a set, every header value joined. Shared by all routes
 * that come to the same policy.
 */
export interface CompiledPolicy {
  readonly state: PolicyState;
  /** Whether a route is untouched because a level says so, and not because no level sets an origin. */
  readonly untouchedByChoice: boolean;
  /** Where the policy was first met, for logs. Routes that share it have their own names. */
  readonly target: PolicySource;
  /** Present on an open policy. */
  readonly origins: OriginMatcher | undefined;
  /** Whether the literal `*` is answered. */
  readonly anyOrigin: boolean;
  readonly credentials: boolean;
  /** The explicitly allowed methods; absent where the handlers' own methods decide or `'*'` is listed. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Lower-case names. */
  readonly allowedHeaders: ReadonlySet<string>;
  readonly anyHeader: boolean;
  /** The value of Access-Control-Max-Age in seconds, as text. */
  readonly maxAge: string | undefined;
  readonly optionsSuccessStatus: number;
  readonly enforce: EnforceOption;
  /** What an allowed actual response carries after Access-Control-Allow-Origin: flat pairs of name and value. */
  readonly actualHeaders: readonly string[];
  /** Equal for two policies whose preflights browsers may cache side by side (see the preflight-cache rule). */
  readonly preflightIdentity: string;
}
