import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { UNTOUCHED_POLICY } from '../../policy/policy-options.js';
import { MODULE_TARGET } from '../../policy/policy-source.js';
import type { PathPolicy } from '../../routes/path-policies.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import type { ReadModuleOptions } from '../options/read-module-options.js';
import type { ReadPath } from '../options/read-path-policies.js';
import { findNamedLevel } from './find-named-level.js';
import type { PolicyBuilder } from './policy-builder.js';

/** The policies that the options of the module declare. */
export interface ModulePolicies {
  readonly applicationWide: CompiledPolicy;
  readonly named: ReadonlyMap<string, CompiledPolicy>;
  readonly paths: readonly PathPolicy[];
}

/** Builds the policies that the options of the module declare. */
export function buildModulePolicies(
  options: ReadModuleOptions,
  builder: PolicyBuilder,
  problems: CorsProblem[],
): ModulePolicies {
  const { policy: applicationWide } = builder.build(MODULE_TARGET, [options.applicationWide], false);
  const named = new Map<string, CompiledPolicy>();
  for (const [name, level] of options.policies) {
    named.set(name, builder.build(level.target, [level], false).policy);
  }
  const paths = options.paths.map((entry) => ({
    path: entry.path,
    policy: pathPolicy(entry, options, builder, problems),
  }));
  return Object.freeze({ applicationWide, named, paths });
}

function pathPolicy(
  { target, policy }: ReadPath,
  { applicationWide, policies }: ReadModuleOptions,
  builder: PolicyBuilder,
  problems: CorsProblem[],
): CompiledPolicy {
  if (policy === false) {
    return builder.disabled(target, [applicationWide]);
  }
  if (typeof policy !== 'string') {
    return builder.build(target, [applicationWide, policy], true).policy;
  }
  if (policy === UNTOUCHED_POLICY) {
    return builder.compiler.untouched(target);
  }
  const level = findNamedLevel(policies, policy, target, problems);
  return level === undefined ? builder.disabled(target, []) : builder.build(target, [level], true).policy;
}
