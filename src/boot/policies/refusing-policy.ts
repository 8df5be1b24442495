import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { isNamedTarget, isPathTarget, MODULE_TARGET, type PolicySource } from '../../policy/policy-source.js';
import type { CompiledApplication } from '../compile-application.js';
import type { EffectivePolicy } from './policy-levels.js';

/** What messages say about the policy that refused a request. */
export interface RefusingPolicy {
  /** `undefined` for a route that was unknown at boot, and for an ambiguous path. */
  readonly effective: EffectivePolicy | undefined;
  readonly applicationWide: CompiledPolicy;
}

/** Finds the options of the policy that refused a request, for messages: it compares all routes. */
export function refusingPolicy(
  { levels, policies, routes, gateways }: Pick<CompiledApplication, 'levels' | 'policies' | 'routes' | 'gateways'>,
  { target, policy }: { readonly target: PolicySource; readonly policy: CompiledPolicy },
): RefusingPolicy {
  const decorated = [...routes.entries, ...gateways].find((one) => one.target === target && one.policy === policy);
  const isWritten =
    decorated !== undefined || isPathTarget(target) || isNamedTarget(target) || target === MODULE_TARGET;
  return {
    effective: isWritten ? levels.of(decorated ?? { target }) : undefined,
    applicationWide: policies.applicationWide,
  };
}
