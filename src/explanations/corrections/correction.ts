import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { CorsReason } from '../../policy/decision.js';
import type { MergedPolicy } from '../../policy/merge.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import type { PolicySource } from '../../policy/policy-source.js';

/** The options of the policy that refused, and their places. */
export interface PlacedPolicy extends MergedPolicy {
  /** The place that removes the origin: `@DisableCors()`, `@Cors('untouched')` or such an entry of `paths`. */
  readonly withoutOriginAt: PolicySource | undefined;
  /** Whether the options of `CorsModule` were read from environment variables. */
  readonly fromEnvironment?: boolean;
}

/** A refused request, and what is known about its policy. The texts of the request are not escaped yet. */
export interface RefusedRequest {
  /** The reason of a decision, or one of the two that only browsers see. */
  readonly reason: CorsReason | 'credentials-not-allowed' | 'wildcard-with-credentials';
  readonly origin: string | undefined;
  /** The method of the actual request. */
  readonly method: string;
  /** With `header-not-allowed`: the names that the policy does not allow, in lower case. */
  readonly missingHeaders: readonly string[];
  /** The handler; if no handler is routed, the policy. */
  readonly target: PolicySource;
  readonly policy: CompiledPolicy;
  /** `undefined` if no policy was found, and for an ambiguous path. */
  readonly effective: PlacedPolicy | undefined;
  /** The policy of `CorsModule`. */
  readonly applicationWide: CompiledPolicy;
}

/** What is wrong with a refused request, and what to change. One line of printable ASCII each. */
export interface Correction {
  /** What is wrong, in a sentence or two. */
  readonly why: string;
  /** What to change, in a sentence or two. Code stands between backticks. */
  readonly text: string;
  /**
   * The options, the decorator or the variable to write: `methods: ['GET', 'DELETE']`, `@Cors()`, `CORS_METHODS=GET`. They boot, and allow this request
   * and no other origin, method or header. `undefined` if the client must change, and if a list is so long that the
   * text only says what to add.
   */
  readonly code: string | undefined;
  /** The options in the code. */
  readonly options: CorsPolicyOptions | undefined;
  /** Where to write it: `CorsModule`, `policy "partners"`, `paths "/docs"`, `OrdersController`. */
  readonly place: PolicySource | undefined;
}

/** A correction without code. */
export function inWords(why: string, text: string): Correction {
  return { why, text, code: undefined, options: undefined, place: undefined };
}
