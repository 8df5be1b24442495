import type { PolicyLevel } from '../../policy/merge.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { UNTOUCHED_POLICY } from '../../policy/policy-options.js';
import { pathTarget } from '../../policy/policy-source.js';
import type { ResolverOptions } from '../../resolver/resolver-options.js';
import { isSame, type PathPolicy } from '../../routes/path-policies.js';
import { trimSlashes } from '../../routes/path-segments.js';
import { copyOptions } from '../../validation/options/copy-options.js';
import type { CopiedOptions, OptionsTable } from '../../validation/options/options-table.js';
import { POLICY_TABLE } from '../../validation/options/policy-table.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { DIAGNOSTICS_TABLE, MODULE_TABLE, PATH_TABLE, POLICIES_TABLE } from './module-option-tables.js';
import type { DiagnosticsOptions } from './module-options.js';
import { RESOLVER_TABLE } from './resolver-table.js';

/** One entry of `paths`, read. */
export interface ReadPath {
  readonly path: string;
  readonly target: string;
  /** The name of a policy, a level below the application-wide one, or `false`. */
  readonly policy: string | PolicyLevel | false;
}

/** The module's options, copied and taken apart; later changes to what the user passed mean nothing. */
export interface ReadModuleOptions {
  readonly applicationWide: PolicyLevel;
  readonly policies: ReadonlyMap<string, PolicyLevel>;
  readonly paths: readonly ReadPath[];
  readonly resolver: ResolverOptions;
  readonly diagnostics: DiagnosticsOptions;
}

const MODULE = 'CorsModule';

/** The value that the user passed to the module, as the provider of the options holds it. */
export interface WrittenOptions {
  readonly written: unknown;
}

/** Reads the options of the module. Never throws: every mistake goes to `problems`. */
export function readModuleOptions({ written }: WrittenOptions, problems: CorsProblem[]): ReadModuleOptions {
  const options = copyOptions(written, MODULE_TABLE, { target: MODULE, required: true }, problems);
  const part = <Name extends string>(name: keyof typeof options, table: OptionsTable<Name>) =>
    copyOptions(options[name], table, { target: MODULE, property: name }, problems);
  return Object.freeze({
    applicationWide: Object.freeze({ target: MODULE, options: options as CorsPolicyOptions }),
    policies: readPolicies(part('policies', POLICIES_TABLE), problems),
    paths: readPaths(options.paths, problems),
    resolver: part('resolver', RESOLVER_TABLE) as ResolverOptions,
    diagnostics: part('diagnostics', DIAGNOSTICS_TABLE) as DiagnosticsOptions,
  });
}

function readPolicies(written: CopiedOptions<string>, problems: CorsProblem[]): ReadonlyMap<string, PolicyLevel> {
  const policies = new Map<string, PolicyLevel>();
  for (const [name, value] of Object.entries(written)) {
    const target = `policy "${name}"`;
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

function readPolicy(written: unknown, target: string, problems: CorsProblem[]): PolicyLevel {
  return {
    target,
    options: copyOptions(written, POLICY_TABLE, { target, required: true }, problems) as CorsPolicyOptions,
  };
}

function readPaths(paths: unknown, problems: CorsProblem[]): ReadPath[] {
  const seen = new Set<string>();
  return Array.isArray(paths) ? paths.flatMap((written, index) => readPath(written, index, seen, problems)) : [];
}

/** Entries that differ only in case: a request cannot be assigned to one of them. */
export function foldedPaths(paths: readonly PathPolicy[], caseSensitive: boolean): CorsProblem[] {
  const seen = new Map<string, PathPolicy>();
  return paths.flatMap((entry) => {
    const { path, policy } = entry;
    const folded = trimSlashes(path).toLowerCase();
    const other = seen.get(folded);
    seen.set(folded, entry);
    if (other === undefined || (caseSensitive && isSame(policy, other.policy))) {
      return [];
    }
    const [must, why, fix] = caseSensitive
      ? [
          'give them one policy',
          'the server behind them may ignore case',
          'Give both the same policy, or keep one of them',
        ]
      : ['have each path once', 'this platform ignores case', 'Keep one of them'];
    return [
      {
        code: 'path-invalid' as const,
        targets: [MODULE],
        property: 'paths',
        value: path,
        message: `paths has ${quoteValue(other.path)} and ${quoteValue(path)} but must ${must}: ${why} (set at ${MODULE}).`,
        remedy: `${fix}, for example \`{ path: ${quoteValue(other.path)}, policy: false }\`.`,
      },
    ];
  });
}

function readPath(written: unknown, index: number, seen: Set<string>, problems: CorsProblem[]): ReadPath[] {
  const property = `paths[${index}]`;
  const failed = problems.length;
  const place = { target: MODULE, property, required: true };
  const { path, policy } = copyOptions(written, PATH_TABLE, place, problems);
  if (problems.slice(failed).some(({ code }) => code !== 'option-unknown')) {
    return []; // path or policy could not be read
  }
  const fault = pathFault(path) ?? (seen.has(trimSlashes(path as string)) ? 'stands in `paths` twice' : undefined);
  if (fault !== undefined) {
    problems.push({
      code: 'path-invalid',
      targets: [MODULE],
      property: `${property}.path`,
      value: path,
      message: `${property}.path is ${quoteValue(path)} but must be a plain path: it ${fault} (set at ${MODULE}).`,
      remedy:
        "Write the path as it is served, each path once, for example `{ path: '/graphql', policy: 'partners' }`; it covers everything below it.",
    });
    return [];
  }
  const plainPath = path as string;
  seen.add(trimSlashes(plainPath));
  const target = pathTarget(plainPath);
  if (policy === false || typeof policy === 'string') {
    return [{ path: plainPath, target, policy }];
  }
  if (typeof policy !== 'object') {
    problems.push({
      code: 'option-type',
      targets: [target],
      property: `${property}.policy`,
      value: policy,
      message: `${property}.policy is ${quoteValue(policy)} but must be ${PATH_TABLE.rules.policy.must} (set at ${target}).`,
      remedy: `Write \`{ path: ${quoteValue(plainPath)}, policy: false }\` for no cross-origin access, or \`policy: {}\` for the application-wide policy.`,
    });
    return [];
  }
  return [{ path: plainPath, target, policy: readPolicy(policy, target, problems) }];
}

function pathFault(path: unknown): string | undefined {
  if (typeof path !== 'string') {
    return 'is not a string';
  }
  if (!path.startsWith('/')) {
    return 'does not start with a slash';
  }
  if (/[?#]/.test(path)) {
    return 'has a query or a fragment';
  }
  if (/[*:{}()]/.test(path)) {
    return 'has a wildcard or a parameter: paths are prefixes of whole segments and need none';
  }
  if (/\\|%|\/\/|\/\.{1,2}(?:\/|$)/.test(path) || !/^[\x21-\x7e]*$/.test(path)) {
    return 'is not in its plain form (dot segments, doubled slashes, backslashes, encodings)';
  }
  return undefined;
}
