import type { CorsPolicyOptions, PolicyProperty } from './policy-options.js';

/**
 * One place a policy is written: `CorsModule`, `policy "partners"`, `path "/graphql"`, `UsersController` or
 * `UsersController.remove`.
 */
export type Target = string;

/** Options as written at one place. */
export interface PolicyLevel {
  readonly target: Target;
  readonly options: CorsPolicyOptions;
}

/** The outcome of the cascade for one target: every property with the place it came from. */
export interface MergedPolicy {
  /** The handler, class, module or path the policy applies to. */
  readonly target: Target;
  /** The values that won, own properties of a fresh object; a property nobody set is absent. */
  readonly options: CorsPolicyOptions;
  /** Where each value was written. */
  readonly sources: Readonly<Partial<Record<PolicyProperty, Target>>>;
  /** At which level each value was written, counted from the outermost: 0, 1, ... */
  readonly depths: Readonly<Partial<Record<PolicyProperty, number>>>;
}
