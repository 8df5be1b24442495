import type { Findings } from './problems/findings.js';
import type { OriginSafety } from './remedies/corrected-origin.js';

/** The environment of validation. One for each boot. */
export interface ValidationEnvironment {
  /** Whether the application runs in production (`NODE_ENV`). */
  readonly production: boolean;
  /** Returns numbers from 0 up to 1, such as `Math.random`: for random test origins. */
  readonly random: () => number;
  /** Whether each predicate allowed a random origin. Shared by all policies, so that each predicate is called once. */
  readonly probed: Map<object, boolean>;
  /** The kinds of policies for which each list of origins has no findings. Shared, because many policies inherit a long list. */
  readonly faultlessLists: Map<object, Set<string>>;
}

/** The facts about a target, besides its policy, that validation uses. */
export interface ValidationSubject {
  /**
   * The methods the handler is mapped to, in upper case; `*` or `ALL` for every method.
   * @default none are compared
   */
  readonly mappedMethods?: readonly string[];
  /**
   * Whether a policy without an origin is a mistake, as below a `@Cors()`. Otherwise its route is untouched.
   * @default true, except for `CorsModule`
   */
  readonly originRequired?: boolean;
}

/** One origin of a policy: the whole option, or one entry of its list. */
export interface OriginEntry {
  readonly findings: Findings;
  readonly environment: ValidationEnvironment;
  readonly safety: OriginSafety;
  /** `origin` or `origin[2]`. */
  readonly place: string;
  /** Begins a remedy with the corrected code, without a full stop. */
  readonly remedy: () => string;
}
