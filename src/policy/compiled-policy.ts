import type { OriginMatcher } from '../origin/compile-origins.js';
import type { EnforceOption } from './policy-options.js';
import type { PolicySource } from './policy-source.js';

/**
 * The state of a policy.
 * - `open`: it has an origin. This module decides and overrides CORS headers of other code.
 * - `untouched`: no level sets an origin, or `@Cors('untouched')`. This module adds and removes nothing.
 * - `disabled`: `@DisableCors()`. No cross-origin access, even if other code sets CORS headers.
 * - `ambiguous`: the path has several possible meanings with different policies. Answered like `disabled`.
 */
export type PolicyState = 'open' | 'untouched' | 'disabled' | 'ambiguous';

/**
 * A policy in the form that is fast to apply: frozen, with sets for lists and joined header values. All routes with an
 * equal policy share one object.
 */
export interface CompiledPolicy {
  readonly state: PolicyState;
  /** Whether a level sets `'untouched'`. Otherwise a policy is untouched because no level sets an origin. */
  readonly untouchedByChoice: boolean;
  /** The first target with this policy, for logs. Routes that share it have their own names. */
  readonly target: PolicySource;
  /** Present on an open policy. */
  readonly origins: OriginMatcher | undefined;
  /** Whether responses carry the literal `*`. */
  readonly anyOrigin: boolean;
  readonly credentials: boolean;
  /** The methods in the option. Absent if the methods of the handlers decide, or if the option contains `'*'`. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Lower-case names. */
  readonly allowedHeaders: ReadonlySet<string>;
  readonly anyHeader: boolean;
  /** The value of Access-Control-Max-Age, in seconds. */
  readonly maxAge: string | undefined;
  readonly optionsSuccessStatus: number;
  /** Which requests are refused. */
  readonly enforce: EnforceOption;
  /** Which requests are reported, because `enforceReportOnly` keeps `enforce` from refusing them. */
  readonly wouldEnforce: EnforceOption;
  /** Headers of an allowed actual response, as flat pairs of name and value. Only under `*` with the allowed origin. */
  readonly actualHeaders: readonly string[];
  /** Headers of every response, also to preflights and refused requests, as flat pairs. Empty unless the policy is open. */
  readonly commonHeaders: readonly string[];
  /** Equal for policies that answer preflights alike, so that browsers may cache them for the same URL. */
  readonly preflightIdentity: string;
}
