import { Cors, type CorsModuleOptions, type CorsPolicyOptions, DisableCors } from 'nestjs-cors';
import { hiddenHeaders } from '../hidden-headers.js';
import { EVERYONE, type GeneratedPolicy, originOf, type Scenario } from './application-model.js';

/** The policy that a scenario gives a label. By default it allows two origins. */
export function policyOf(label: string, scenario: Scenario): GeneratedPolicy {
  return (
    scenario.policyOf?.(label) ?? {
      origin: [EVERYONE, originOf(label)],
      exposedHeaders: [`x-${label}`],
      allowedHeaders: [...hiddenHeaders(scenario)],
    }
  );
}

export function decoratorOf(policy: GeneratedPolicy) {
  return policy === 'disabled' ? DisableCors() : policy === 'untouched' ? Cors('untouched') : Cors(policy);
}

/** A policy with the code that was written at its place. */
export function correctedPolicy(
  policy: GeneratedPolicy | undefined,
  { corrections }: Scenario,
  place: string,
): GeneratedPolicy | undefined {
  const correction = corrections?.get(place);
  return typeof policy === 'object' && typeof correction === 'object'
    ? { ...policy, ...correction }
    : (correction ?? policy);
}

/** The entries of `paths`, with the code that was written there. */
export function correctedPaths(scenario: Scenario): NonNullable<CorsModuleOptions['paths']> {
  return Object.entries(scenario.paths ?? {}).map(([path, policy]) => {
    const own = correctedPolicy(policy === false ? undefined : policy, scenario, `paths "${path}"`);
    return { path, policy: (own as CorsPolicyOptions | undefined) ?? false };
  });
}
