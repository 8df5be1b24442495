import type { PolicyLevel } from '../../policy/merge.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { MODULE_TARGET, pathTarget } from '../../policy/policy-source.js';
import { isSame, type PathPolicy } from '../../routes/path-policies.js';
import { trimSlashes } from '../../routes/path-segments.js';
import { copyOptions } from '../../validation/options/copy-options.js';
import { POLICY_TABLE } from '../../validation/options/policy-table.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { sourceText } from '../../validation/problems/source-text.js';
import { correctedPath } from '../../validation/remedies/corrected-path.js';
import { PATH_TABLE } from './module-option-tables.js';

/** A copy of one entry of `paths`. */
export interface ReadPath {
  readonly path: string;
  readonly target: string;
  /** The name of a policy, a level below the application-wide one, or `false`. */
  readonly policy: string | PolicyLevel | false;
}

/** Reads the `paths` option. An entry with a mistake is left out. */
export function readPaths(paths: unknown, problems: CorsProblem[]): ReadPath[] {
  const known = new Set<string>();
  return Array.isArray(paths)
    ? paths.flatMap((entry, index) => readPath(entry, `paths[${index}]`, known, problems))
    : [];
}

/** Reads the options of one policy. */
export function readPolicy(options: unknown, target: string, problems: CorsProblem[]): PolicyLevel {
  return {
    target,
    options: copyOptions(options, POLICY_TABLE, { target, required: true }, problems) as CorsPolicyOptions,
  };
}

function readPath(entry: unknown, property: string, known: Set<string>, problems: CorsProblem[]): ReadPath[] {
  const before = problems.length;
  const { path, policy } = copyOptions(
    entry,
    PATH_TABLE,
    { target: MODULE_TARGET, property, required: true },
    problems,
  );
  if (problems.slice(before).some(({ code }) => code !== 'option-unknown')) {
    return []; // path or policy could not be read
  }
  const invalid = (fault: string, remedy: string): ReadPath[] => {
    problems.push({
      code: 'path-invalid',
      targets: [MODULE_TARGET],
      property: `${property}.path`,
      value: path,
      message: `${property}.path is ${quoteValue(path)} but must be ${fault} (set at ${MODULE_TARGET}).`,
      remedy,
    });
    return [];
  };
  const fault = faultOf(path);
  if (fault !== undefined) {
    const corrected = typeof path === 'string' ? correctedPath(path) : '/graphql';
    return invalid(
      `a plain path: it ${fault}`,
      `Write \`path: ${sourceText(corrected)}\`. It covers everything below it.`,
    );
  }
  const plainPath = path as string;
  if (known.has(trimSlashes(plainPath))) {
    return invalid('in `paths` once', 'Keep one of the entries with this path.');
  }
  known.add(trimSlashes(plainPath));
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

function faultOf(path: unknown): string | undefined {
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
    return 'has a wildcard or a parameter, but every path covers everything below it';
  }
  if (/\\|%|\/\/|\/\.{1,2}(?:\/|$)/.test(path) || !/^[\x21-\x7e]*$/.test(path)) {
    return 'has dot segments, doubled slashes, backslashes or encoded characters';
  }
  return undefined;
}

/** Finds entries whose paths differ only in case. A request may match both. */
export function pathsThatDifferInCase(paths: readonly PathPolicy[], caseSensitive: boolean): CorsProblem[] {
  const known = new Map<string, PathPolicy>();
  return paths.flatMap((entry) => {
    const { path, policy } = entry;
    const lowerCase = trimSlashes(path).toLowerCase();
    const other = known.get(lowerCase);
    known.set(lowerCase, entry);
    if (other === undefined || (caseSensitive && isSame(policy, other.policy))) {
      return [];
    }
    const [must, why, fix] = caseSensitive
      ? [
          'give them one policy',
          'another server behind this one may ignore case',
          'Give both the same policy, or keep one of them',
        ]
      : ['have each path once', 'this platform ignores case', 'Keep one of them'];
    return [
      {
        code: 'path-invalid' as const,
        targets: [MODULE_TARGET],
        property: 'paths',
        value: path,
        message: `paths has ${quoteValue(other.path)} and ${quoteValue(path)} but must ${must}: ${why} (set at ${MODULE_TARGET}).`,
        remedy: `${fix}, for example \`{ path: ${quoteValue(other.path)}, policy: false }\`.`,
      },
    ];
  });
}
