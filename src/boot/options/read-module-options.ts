import { isFromEnvironment } from '../../policy/environment-options.js';
import type { PolicyLevel } from '../../policy/merge.js';
import { type CorsPolicyOptions, UNTOUCHED_POLICY } from '../../policy/policy-options.js';
import { MODULE_TARGET, namedTarget } from '../../policy/policy-source.js';
import type { ResolverOptions } from '../../resolver/resolver-options.js';
import { copyOptions } from '../../validation/options/copy-options.js';
import type { CopiedOptions, OptionsTable } from '../../validation/options/options-table.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { DIAGNOSTICS_TABLE, MODULE_TABLE, POLICIES_TABLE } from './module-option-tables.js';
import type { DiagnosticsOptions } from './module-options.js';
import { type ReadPath, readPaths, readPolicy } from './read-path-policies.js';
import { RESOLVER_TABLE } from './resolver-table.js';

/** A copy of the module's options, in parts. Later changes to the user's object have no effect. */
export interface ReadModuleOptions {
  readonly applicationWide: PolicyLevel;
  /** Whether the application-wide policy was read from environment variables. */
  readonly fromEnvironment: boolean;
  readonly policies: ReadonlyMap<string, PolicyLevel>;
  readonly paths: readonly ReadPath[];
  readonly resolver: ResolverOptions;
  readonly diagnostics: DiagnosticsOptions;
}

/**
 * The user's options in a wrapper. It keeps Nest and `await` from reading them: a proxy may throw, and only
 * {@link readModuleOptions} reports that.
 */
export interface WrappedOptions {
  readonly options: unknown;
}

/** Reads the options of the module. Never throws: every mistake goes to `problems`. */
export function readModuleOptions({ options: argument }: WrappedOptions, problems: CorsProblem[]): ReadModuleOptions {
  const options = copyOptions(argument, MODULE_TABLE, { target: MODULE_TARGET, required: true }, problems);
  const part = <Name extends string>(name: keyof typeof options, table: OptionsTable<Name>) =>
    copyOptions(options[name], table, { target: MODULE_TARGET, property: name }, problems);
  return Object.freeze({
    applicationWide: Object.freeze({ target: MODULE_TARGET, options: options as CorsPolicyOptions }),
    fromEnvironment: isFromEnvironment(argument),
    policies: readPolicies(part('policies', POLICIES_TABLE), problems),
    paths: readPaths(options.paths, problems),
    resolver: part('resolver', RESOLVER_TABLE) as ResolverOptions,
    diagnostics: part('diagnostics', DIAGNOSTICS_TABLE) as DiagnosticsOptions,
  });
}

function readPolicies(options: CopiedOptions<string>, problems: CorsProblem[]): ReadonlyMap<string, PolicyLevel> {
  const policies = new Map<string, PolicyLevel>();
  for (const [name, value] of Object.entries(options)) {
    const target = namedTarget(name);
    if (name === UNTOUCHED_POLICY) {
      problems.push({
        code: 'policy-reserved',
        targets: [target],
        value,
        message:
          "A policy is named 'untouched', but that name is reserved: `@Cors('untouched')` leaves a route alone, so this policy could never apply.",
        remedy: "Give the policy another name: `policies: { partners: { origin: 'https://partner.example.com' } }`.",
      });
    }
    policies.set(name, readPolicy(value, target, problems));
  }
  return policies;
}
