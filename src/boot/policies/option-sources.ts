import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { POLICY_PROPERTIES, type PolicyProperty } from '../../policy/policy-options.js';
import type { PolicySource } from '../../policy/policy-source.js';
import type { EffectivePolicy } from './policy-levels.js';

/** The source of an option that no level sets. */
export const DEFAULT_SOURCE = 'default';

/** The place of each option of a policy. */
export type OptionSources = Readonly<Record<PolicyProperty, PolicySource>>;

/** A policy, and whether it is only that of the module, for a path that has neither a handler nor an entry of `paths`. */
interface MatchedPolicy {
  readonly policy: Pick<CompiledPolicy, 'state' | 'target'>;
  readonly listed?: boolean;
}

/**
 * The place of each option. Where a decorator or an entry of `paths` removes the origin, it decides everything but
 * `enforce`. A path without handler and entry does not enforce what the module says.
 */
export function sourcesOf(
  { policy: { state, target }, listed = true }: MatchedPolicy,
  { sources, withoutOriginAt }: Pick<EffectivePolicy, 'sources' | 'withoutOriginAt'>,
): OptionSources {
  const remover = withoutOriginAt ?? (state === 'untouched' ? DEFAULT_SOURCE : target);
  const sourceOf = (property: PolicyProperty): PolicySource => {
    const ofEnforcement = property === 'enforce' || property === 'enforceReportOnly';
    if (ofEnforcement && !listed) {
      return DEFAULT_SOURCE;
    }
    return state === 'open' || (state === 'disabled' && ofEnforcement)
      ? (sources[property] ?? DEFAULT_SOURCE)
      : remover;
  };
  return Object.freeze(
    Object.fromEntries(POLICY_PROPERTIES.map((property) => [property, sourceOf(property)])),
  ) as OptionSources;
}
