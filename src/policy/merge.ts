import type { PolicyState } from './compiled-policy.js';
import { type CorsPolicyOptions, POLICY_PROPERTIES, type PolicyProperty } from './policy-options.js';
import type { PolicySource } from './policy-source.js';

/** Options as written at one place. */
export interface PolicyLevel {
  readonly target: PolicySource;
  readonly options: CorsPolicyOptions;
}

/** The outcome of the cascade for one target: every property with the place it came from. */
export interface MergedPolicy {
  /** The handler, class, module or path the policy applies to. */
  readonly target: PolicySource;
  /** The values that won, own properties of a fresh object; a property nobody set is absent. */
  readonly options: CorsPolicyOptions;
  /** Where each value was written. */
  readonly sources: Readonly<Partial<Record<PolicyProperty, PolicySource>>>;
  /** At which level each value was written, counted from the outermost: 0, 1, ... */
  readonly depths: Readonly<Partial<Record<PolicyProperty, number>>>;
}

/** The states of a route that has no origin by choice. */
export type WithoutOrigin = Extract<PolicyState, 'untouched' | 'disabled'>;

/** What one decorator on one class or handler says. */
export type PolicyDeclaration =
  /** `@Cors()`, `@Cors({...})`, `@Cors('partners')` or `@Cors('partners', {...})`. */
  | { readonly kind: 'cors'; readonly policy?: string | undefined; readonly options: CorsPolicyOptions }
  /** `@DisableCors()` or `@Cors('untouched')`. */
  | { readonly kind: WithoutOrigin };

/** A declaration and where it stands. */
export interface PlacedDeclaration {
  readonly target: PolicySource;
  readonly declaration: PolicyDeclaration;
}

/** The result of the cascade of one route. */
export interface Cascade {
  /** The nearest decorator, if it removes the origin. The levels then only give `enforce`. */
  readonly withoutOrigin: WithoutOrigin | undefined;
  /** Whether a decorator of ours stands on the way, so that a missing origin is a mistake and not an untouched route. */
  readonly decorated: boolean;
  /** The levels that apply, outermost first; {@link mergeLevels} merges them. */
  readonly levels: readonly PolicyLevel[];
}

/**
 * Follows the declarations of a route from the outermost to the nearest. Per property the nearest level that sets it
 * wins; lists replace. A named policy restarts the cascade; so does `untouched`, which is a name too. A handler re-opened
 * below a disabled or untouched class inherits from the application-wide policy.
 *
 * @param namedPolicy the level of a named policy; `undefined` for an unknown name, which is reported elsewhere
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

/** Merges levels, outermost first: the last level that sets a property wins. */
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
