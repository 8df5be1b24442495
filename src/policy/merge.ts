import type { PolicyState } from './compiled-policy.js';
import { type CorsPolicyOptions, POLICY_PROPERTIES, type PolicyProperty } from './policy-options.js';
import type { PolicySource } from './policy-source.js';

/** The options of one place. */
export interface PolicyLevel {
  readonly target: PolicySource;
  readonly options: CorsPolicyOptions;
}

/** The merged options of one target, with the place of each value. */
export interface MergedPolicy {
  /** The handler, class, module or path the policy applies to. */
  readonly target: PolicySource;
  /** The values that apply, as own properties of a new object. Properties that no level sets are absent. */
  readonly options: CorsPolicyOptions;
  /** The place of each value. */
  readonly sources: Readonly<Partial<Record<PolicyProperty, PolicySource>>>;
  /** The level of each value. The outermost level is 0. */
  readonly depths: Readonly<Partial<Record<PolicyProperty, number>>>;
}

/** The states that a decorator can set instead of an origin. */
export type WithoutOrigin = Extract<PolicyState, 'untouched' | 'disabled'>;

/** The content of one decorator on a class or handler. */
export type PolicyDeclaration =
  /** `@Cors()`, `@Cors({...})`, `@Cors('partners')` or `@Cors('partners', {...})`. */
  | { readonly kind: 'cors'; readonly policy?: string | undefined; readonly options: CorsPolicyOptions }
  /** `@DisableCors()` or `@Cors('untouched')`. */
  | { readonly kind: WithoutOrigin };

/** A declaration and its place. */
export interface PlacedDeclaration {
  readonly target: PolicySource;
  readonly declaration: PolicyDeclaration;
}

/** The result of the cascade of one route. */
export interface Cascade {
  /** The state that the nearest decorator sets, if it removes the origin. Of the levels only `enforce` then applies. */
  readonly withoutOrigin: WithoutOrigin | undefined;
  /** Whether there is a `@Cors()`. A missing origin is then a mistake. Otherwise the route is untouched. */
  readonly decorated: boolean;
  /** The levels that apply, outermost first. {@link mergeLevels} merges them. */
  readonly levels: readonly PolicyLevel[];
}

/**
 * Finds the levels of a route from its declarations, outermost first. A named policy restarts the cascade. So does
 * `untouched`, which is also a name. A handler with `@Cors()` below a disabled or untouched class inherits from the
 * application-wide policy.
 *
 * @param namedPolicy returns the level of a named policy; `undefined` for an unknown name, which is reported elsewhere
 */
export function cascade(
  applicationWide: PolicyLevel,
  declarations: readonly PlacedDeclaration[],
  namedPolicy: (name: string) => PolicyLevel | undefined,
): Cascade {
  let levels: PolicyLevel[] = [applicationWide];
  let withoutOrigin: WithoutOrigin | undefined;
  let decorated = false;
  for (const { target: place, declaration } of declarations) {
    if (declaration.kind !== 'cors') {
      withoutOrigin = declaration.kind;
      levels = withoutOrigin === 'untouched' ? [applicationWide] : levels;
      continue;
    }
    const level: PolicyLevel = { target: place, options: declaration.options };
    if (declaration.policy !== undefined) {
      const named = namedPolicy(declaration.policy);
      levels = named === undefined ? [level] : [named, level];
    } else {
      levels = withoutOrigin === undefined ? [...levels, level] : [applicationWide, level];
    }
    withoutOrigin = undefined;
    decorated = true;
  }
  return { withoutOrigin, decorated, levels };
}

/** Merges levels, outermost first. For each property the last level that sets it wins. Lists replace each other. */
export function mergeLevels(target: PolicySource, levels: readonly PolicyLevel[]): MergedPolicy {
  const options: Partial<Record<PolicyProperty, unknown>> = Object.create(null);
  const sources: Partial<Record<PolicyProperty, PolicySource>> = Object.create(null);
  const depths: Partial<Record<PolicyProperty, number>> = Object.create(null);
  for (const [depth, level] of levels.entries()) {
    for (const property of POLICY_PROPERTIES) {
      const value = Object.hasOwn(level.options, property) ? level.options[property] : undefined;
      if (value !== undefined) {
        options[property] = value;
        sources[property] = level.target;
        depths[property] = depth;
      }
    }
  }
  return Object.freeze({
    target,
    options: Object.freeze(options) as CorsPolicyOptions,
    sources: Object.freeze(sources),
    depths: Object.freeze(depths),
  });
}
