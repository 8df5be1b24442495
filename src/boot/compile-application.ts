import type { ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';
import type { GatewayPolicy } from '../http/handshake/gateway-policy.js';
import type { HttpPlatform } from '../http/http-platform.js';
import type { PolicyTable } from '../http/policy-lookup.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { Interner } from '../policy/interner.js';
import { strictestEnforcement } from '../policy/policy-compiler.js';
import { UNKNOWN_ROUTE } from '../policy/policy-source.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { OriginChecks } from '../resolver/origin-checks.js';
import { PathPolicies } from '../routes/path-policies.js';
import { ANY_METHOD, type RouteEntry } from '../routes/route-entry.js';
import type { ValidationEnvironment } from '../validation/origin-entry.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import { type CorsProblem, type CorsWarning, groupProblems } from '../validation/problems/problem.js';
import type { BootFindings } from './boot-findings.js';
import { misplacedDecorators } from './declarations/misplaced-decorators.js';
import { RouteDeclarations } from './declarations/route-declarations.js';
import { buildGateways } from './gateways/build-gateways.js';
import { duplicateModules } from './module-imports.js';
import type { NestValues } from './nest-values.js';
import type { ReadModuleOptions } from './options/read-module-options.js';
import { pathsThatDifferInCase } from './options/read-path-policies.js';
import { createOriginChecks } from './policies/create-origin-checks.js';
import { buildModulePolicies, type ModulePolicies } from './policies/module-policies.js';
import { PolicyBuilder } from './policies/policy-builder.js';
import { PolicyLevels } from './policies/policy-levels.js';
import { RoutePolicies } from './policies/route-policies.js';
import { buildRoutes, type Routes } from './routes/build-routes.js';
import { collectRoutes, type RouteRecord } from './routes/collect-routes.js';

/** The parts of an application from which its policies are compiled. */
export interface ApplicationParts {
  readonly options: ReadModuleOptions;
  /** The problems that were found when the options were read. */
  readonly problems: readonly CorsProblem[];
  readonly modules: ModulesContainer;
  readonly config: ApplicationConfig;
  readonly moduleRef: ModuleRef;
  readonly originChecks: OriginChecks;
  readonly nest: NestValues;
}

/** The policies of an application, and the routes that they belong to. */
export interface CompiledApplication {
  readonly policies: ModulePolicies;
  /** The level of each option of a policy. */
  readonly levels: PolicyLevels;
  /** The policy of a route that was not known at boot: refuses, and enforces as strictly as any policy. */
  readonly refused: CompiledPolicy;
  readonly paths: PathPolicies;
  /** The origin checks of the policies that have a predicate or resolver. */
  readonly checkByPolicy: ReadonlyMap<CompiledPolicy, OriginCheck>;
  /** The routes that Nest is going to register. Their entries have the same order. */
  readonly records: readonly RouteRecord[];
  readonly routes: Routes;
  readonly gateways: readonly GatewayPolicy[];
  readonly warnings: readonly CorsWarning[];
}

/**
 * Checks and compiles every policy of an application.
 *
 * @param platform absent in an application without HTTP, which has no routes
 * @throws CorsConfigurationError with every mistake found
 */
export function compileApplication(
  { options, problems: optionProblems, modules, config, moduleRef, originChecks, nest }: ApplicationParts,
  platform: HttpPlatform | undefined,
): CompiledApplication {
  const findings: BootFindings = { problems: [], warnings: [] };
  const environment: ValidationEnvironment = {
    production: isProduction(),
    random: Math.random,
    probed: new Map(),
    faultlessLists: new Map(),
  };
  const interner = new Interner();
  const declarations = new RouteDeclarations(interner, findings);
  const builder = new PolicyBuilder(interner, environment, findings);
  const scanner = new nest.MetadataScanner(); // caches the methods of each prototype

  const policies = buildModulePolicies(options, builder, findings.problems);
  const routePolicies = new RoutePolicies(options, declarations, builder, interner, findings.problems);
  const records = platform === undefined ? [] : collectRoutes(modules, config, scanner, nest);
  const routes = buildRoutes(records, routePolicies, platform, findings.problems);
  const gateways = buildGateways(modules, declarations, routePolicies);

  const caseSensitive = platform?.caseSensitive ?? true;
  const problems = [
    ...duplicateModules(modules),
    ...optionProblems,
    ...pathsThatDifferInCase(policies.paths, caseSensitive),
    ...findings.problems,
    ...misplacedDecorators(modules, scanner, declarations.reached),
  ];
  const checkByPolicy = createOriginChecks(
    policies,
    [...routes.entries, ...gateways],
    moduleRef,
    originChecks,
    problems,
    nest,
  );
  if (problems.length > 0) {
    throw new CorsConfigurationError(groupProblems(problems));
  }
  const { compiler } = builder;
  const paths = new PathPolicies(policies.paths, policies.applicationWide, compiler.ambiguous('paths'), {
    caseSensitive,
    semicolonDelimiter: platform?.semicolonDelimiter ?? false,
  });
  const refused = compiler.disabled(UNKNOWN_ROUTE, strictestEnforcement(compiler.policies));
  const levels = new PolicyLevels(options);
  return { policies, levels, refused, paths, checkByPolicy, records, routes, gateways, warnings: findings.warnings };
}

/**
 * The policies in the form in which requests look them up.
 *
 * @param originChecks those of the application, and of earlier attempts to initialise it
 */
export function policyTable(
  { policies, refused, paths, routes: { entries } }: CompiledApplication,
  originChecks: ReadonlyMap<CompiledPolicy, OriginCheck>,
  { diagnostics: { explainToClient } }: ReadModuleOptions,
): PolicyTable {
  return Object.freeze({
    applicationWide: policies.applicationWide,
    paths,
    refused,
    originChecks,
    handlerIdentities: new Set(entries.map(({ policy }) => policy.preflightIdentity)),
    handlerMethods: methodsOf(entries),
    enforcesPaths: policies.paths.some(({ policy }) => policy.enforce !== false || policy.wouldEnforce !== false),
    reportsUntouched: !isProduction(),
    explainToClient: explainToClient === 'even-in-production' || (explainToClient === true && !isProduction()),
  });
}

/** A route for every method stands for GET, because any method finds it. */
function methodsOf(entries: readonly RouteEntry[]): readonly string[] {
  return Object.freeze([...new Set(entries.map(({ method }) => (method === ANY_METHOD ? 'GET' : method)))]);
}

function isProduction(): boolean {
  return process.env.NODE_ENV === 'production';
}
