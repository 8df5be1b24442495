import { type ApplicationConfig, MetadataScanner, type ModuleRef, type ModulesContainer } from '@nestjs/core';
import type { HttpPlatform } from '../http/http-platform.js';
import type { PolicyTable } from '../http/policy-lookup.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { OriginChecks } from '../resolver/origin-checks.js';
import { PathPolicies } from '../routes/path-policies.js';
import { ANY_METHOD, type RouteEntry } from '../routes/route-entry.js';
import { RouteTree } from '../routes/route-tree.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import type { CorsProblem, CorsWarning } from '../validation/problems/problem.js';
import { groupProblems } from '../validation/problems/problem.js';
import { type CompiledPolicies, PoliciesCompilation } from './compile-policies.js';
import { originChecksOf } from './create-origin-checks.js';
import { misplacedDecorators } from './declarations/decorator-problems.js';
import { duplicateModules } from './module-imports.js';
import { foldedPaths, type ReadModuleOptions } from './options/read-module-options.js';
import { collectRoutes, type RouteRecord } from './routes/collect-routes.js';

/** The parts that the policies of an application are compiled from. */
export interface ApplicationParts {
  readonly options: ReadModuleOptions;
  /** The problems found when the options were read. */
  readonly problems: readonly CorsProblem[];
  readonly modules: ModulesContainer;
  readonly config: ApplicationConfig;
  readonly moduleRef: ModuleRef;
  readonly originChecks: OriginChecks;
}

/** The policies of an application and the routes that they belong to. */
export interface CompiledApplication {
  readonly policies: CompiledPolicies;
  readonly paths: PathPolicies;
  /** The origin checks of the policies that have a predicate or resolver. */
  readonly checkByPolicy: ReadonlyMap<CompiledPolicy, OriginCheck>;
  readonly records: readonly RouteRecord[];
  readonly routes: RouteTree<RouteEntry>;
  readonly warnings: readonly CorsWarning[];
}

/**
 * Checks and compiles every policy of an application.
 *
 * @param platform absent where the application serves no HTTP, and so has no routes
 * @throws CorsConfigurationError with every mistake found
 */
export function compileApplication(
  { options, problems: found, modules, config, moduleRef, originChecks }: ApplicationParts,
  platform: HttpPlatform | undefined,
): CompiledApplication {
  const environment = { production: isProduction(), random: Math.random, probed: new Map<object, boolean>() };
  const compilation = new PoliciesCompilation(options, environment, (handler, versioned) =>
    platform?.constraintsOf(handler, versioned),
  );
  const scanner = new MetadataScanner(); // remembers what it scanned
  const records = platform === undefined ? [] : collectRoutes(modules, config, scanner);
  const routes = new RouteTree<RouteEntry>();
  const policies = compilation.compile(records, routes);
  const caseSensitive = platform?.caseSensitive ?? true;
  const problems = [
    ...duplicateModules(modules),
    ...found,
    ...foldedPaths(policies.paths, caseSensitive),
    ...compilation.problems,
    ...misplacedDecorators(modules, scanner, compilation.declarations.reached),
  ];
  const checkByPolicy = originChecksOf(policies, moduleRef, originChecks, problems);
  if (problems.length > 0) {
    throw new CorsConfigurationError(groupProblems(problems));
  }
  const paths = new PathPolicies(policies.paths, policies.applicationWide, policies.ambiguousPath, {
    caseSensitive,
    semicolonDelimiter: platform?.semicolonDelimiter ?? false,
  });
  return { policies, paths, checkByPolicy, records, routes, warnings: compilation.warnings };
}

/** The table that requests are handled by. */
export function policyTable(
  { policies, paths }: CompiledApplication,
  checkByPolicy: ReadonlyMap<CompiledPolicy, OriginCheck>,
  { diagnostics: { explainToClient } }: ReadModuleOptions,
): PolicyTable {
  return Object.freeze({
    applicationWide: policies.applicationWide,
    paths,
    refused: policies.refused,
    originChecks: checkByPolicy,
    handlerIdentities: new Set(policies.entries.map(({ policy }) => policy.preflightIdentity)),
    handlerMethods: methodsOf(policies.entries),
    enforcesPaths: policies.paths.some(({ policy }) => policy.enforce !== false),
    explainToClient: explainToClient === 'even-in-production' || (explainToClient === true && !isProduction()),
  });
}

/** A route for every method is found by any. */
function methodsOf(entries: readonly RouteEntry[]): readonly string[] {
  return Object.freeze([...new Set(entries.map(({ method }) => (method === ANY_METHOD ? 'GET' : method)))]);
}

function isProduction(): boolean {
  return process.env.NODE_ENV === 'production';
}
