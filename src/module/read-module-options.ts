import type { PolicyLevel } from '../policy/merged-policy.js';
import type { CorsProblem } from '../policy/problem.js';
import { UNTOUCHED_POLICY } from '../policy/reserved-policy.js';
import { quoteValue } from '../policy/validate/quote-value.js';
import { readOwn } from '../policy/validate/read-own.js';
import { snapshotOptions } from '../policy/validate/snapshot-options.js';
import type { ResolverOptions } from '../resolver/resolver-options.js';
import { validateResolverOptions } from '../resolver/validate-resolver-options.js';
import { isAmbiguousPath } from '../routes/path-policies.js';
import { trimSlashes } from '../routes/path-segments.js';
import type { DiagnosticsOptions } from './module-options.js';
import { readDiagnostics } from './read-diagnostics.js';

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
  readonly resolver: ResolverOptions | undefined;
  readonly diagnostics: DiagnosticsOptions;
}

const MODULE = 'CorsModule';

/** Reads the options of the module. Never throws: every mistake goes to `problems`. */
export function readModuleOptions(value: unknown, problems: CorsProblem[]): ReadModuleOptions {
  const options = snapshotOptions(value, MODULE, problems, {
    extraNames: ['policies', 'paths', 'resolver', 'diagnostics'],
    undefinedOrigin: 'missing',
  });
  const resolver = ownCopy(options.resolver, 'resolver', problems);
  problems.push(...validateResolverOptions(resolver));
  return Object.freeze({
    applicationWide: Object.freeze({ target: MODULE, options }),
    policies: readPolicies(options.policies, problems),
    paths: readPaths(options.paths, problems),
    resolver: resolver as ResolverOptions | undefined,
    diagnostics: readDiagnostics(ownCopy(options.diagnostics, 'diagnostics', problems), problems),
  });
}

/** A copy of an object's own properties; anything else as it is. */
function ownCopy(value: unknown, property: string, problems: CorsProblem[]): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? readOwn(value, property, MODULE, problems)
    : value;
}

function readPolicies(value: unknown, problems: CorsProblem[]): ReadonlyMap<string, PolicyLevel> {
  const policies = new Map<string, PolicyLevel>();
  if (value === undefined) {
    return policies;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({
      code: 'option-type',
      targets: [MODULE],
      property: 'policies',
      value,
      message: `policies is ${quoteValue(value)} but must be an object of named policies.`,
      remedy: "Write `policies: { partners: { origin: 'https://partner.example.com' } }`.",
    });
    return policies;
  }
  for (const [name, written] of Object.entries(readOwn(value, 'policies', MODULE, problems))) {
    const target = `policy "${name}"`;
    if (name === UNTOUCHED_POLICY) {
      problems.push({
        code: 'policy-reserved',
        targets: [target],
        value: written,
        message:
          "A policy is named 'untouched', but that name is reserved: `@Cors('untouched')` leaves a route alone, so this policy could never apply.",
        remedy: "Give the policy another name: `policies: { partners: { origin: 'https://partner.example.com' } }`.",
      });
    }
    policies.set(name, {
      target,
      options: snapshotOptions(written === undefined ? null : written, target, problems, {
        undefinedOrigin: 'missing',
      }),
    });
  }
  return policies;
}

function readPaths(value: unknown, problems: CorsProblem[]): ReadPath[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value)) {
    problems.push({
      code: 'option-type',
      targets: [MODULE],
      property: 'paths',
      value,
      message: `paths is ${quoteValue(value)} but must be a list.`,
      remedy: "Write `paths: [{ path: '/graphql', policy: 'partners' }]`.",
    });
    return [];
  }
  const seen = new Set<string>();
  return value.flatMap((written: unknown, index) => readPath(written, index, seen, problems));
}

/** Paths that a router which does not tell upper from lower case cannot tell apart. */
export function foldedPaths({ paths }: ReadModuleOptions, caseSensitive: boolean): CorsProblem[] {
  const seen = new Map<string, string>();
  return paths.flatMap(({ path }) => {
    const folded = trimSlashes(path).toLowerCase();
    const other = seen.get(folded);
    seen.set(folded, path);
    return caseSensitive || other === undefined
      ? []
      : [
          {
            code: 'path-invalid' as const,
            targets: [MODULE],
            property: 'paths',
            value: path,
            message: `The paths ${quoteValue(other)} and ${quoteValue(path)} are the same to this platform, which does not tell upper from lower case.`,
            remedy: `Keep one of them, for example \`{ path: '${other}', policy: false }\`.`,
          },
        ];
  });
}

function readPath(written: unknown, index: number, seen: Set<string>, problems: CorsProblem[]): ReadPath[] {
  const property = `paths[${index}]`;
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    problems.push({
      code: 'option-type',
      targets: [MODULE],
      property,
      value: written,
      message: `${property} is ${quoteValue(written)} but must be an object with path and policy.`,
      remedy: "Write `{ path: '/graphql', policy: 'partners' }`.",
    });
    return [];
  }
  const own = readOwn(written, property, MODULE, problems);
  const { path, policy } = own;
  for (const name of Object.keys(own)) {
    if (name !== 'path' && name !== 'policy') {
      problems.push({
        code: 'option-unknown',
        targets: [MODULE],
        property: `${property}.${name}`,
        value: own[name],
        message: `${property} has ${quoteValue(name)}, which is not an option there.`,
        remedy: "Put policy options inside `policy`: `{ path: '/graphql', policy: { maxAge: 600 } }`.",
      });
    }
  }
  const fault = pathFault(path) ?? (seen.has(trimSlashes(path as string)) ? 'stands in `paths` twice' : undefined);
  if (fault !== undefined) {
    problems.push({
      code: 'path-invalid',
      targets: [MODULE],
      property: `${property}.path`,
      value: path,
      message: `The path ${quoteValue(path)} ${fault}.`,
      remedy:
        "Write the path as it is served, each path once, for example `{ path: '/graphql', policy: 'partners' }`; it covers everything below it.",
    });
    return [];
  }
  const plainPath = path as string;
  seen.add(trimSlashes(plainPath));
  const target = `path "${plainPath}"`;
  if (policy === false || typeof policy === 'string') {
    return [{ path: plainPath, target, policy }];
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    problems.push({
      code: 'option-type',
      targets: [target],
      property: `${property}.policy`,
      value: policy,
      message: `The policy is ${quoteValue(policy)} but must be a policy's name, 'untouched', options, or false.`,
      remedy: `Write \`{ path: '${plainPath}', policy: false }\` for no cross-origin access, or \`policy: {}\` for the application-wide policy.`,
    });
    return [];
  }
  return [
    {
      path: plainPath,
      target,
      policy: { target, options: snapshotOptions(policy, target, problems, { undefinedOrigin: 'missing' }) },
    },
  ];
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
  if (isAmbiguousPath(path) || path.includes('//') || path.includes('%') || !/^[\x21-\x7e]*$/.test(path)) {
    return 'is not in its plain form (dot segments, doubled slashes, backslashes, encodings)';
  }
  return undefined;
}
