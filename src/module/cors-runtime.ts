import { Inject, Injectable, Logger } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, MetadataScanner, ModuleRef, ModulesContainer } from '@nestjs/core';
import { RefusalLog } from '../diagnostics/refusal-log.js';
import { ResolverLog } from '../diagnostics/resolver-log.js';
import { CorsRequestHandling } from '../http/cors-request-handling.js';
import type { HttpPlatform } from '../http/http-platform.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { CorsConfigurationError } from '../policy/configuration-error.js';
import type { CorsProblem } from '../policy/problem.js';
import { groupProblems } from '../policy/validate/group-problems.js';
import type { AskOrigin } from '../resolver/origin-asker.js';
import { OriginAskers } from '../resolver/origin-askers.js';
import { PathPolicies } from '../routes/path-policies.js';
import { ANY_METHOD, type RouteEntry } from '../routes/route-entry.js';
import { RouteTree } from '../routes/route-tree.js';
import { type AdapterPort, platformFor } from './adapter-platform.js';
import { BootReport } from './boot-report.js';
import { collectRoutes } from './collect-routes.js';
import { type CompiledPolicies, PoliciesCompilation } from './compile-policies.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { duplicateModules, misplacedDecorators } from './decorator-problems.js';
import { addEnhancers } from './enhancers.js';
import { NormalizedPaths } from './normalized-paths.js';
import { foldedPaths, type ReadModuleOptions, readModuleOptions, type WrittenOptions } from './read-module-options.js';
import { askersOf } from './resolve-origins.js';
import { RouteRegistry } from './route-registry.js';
import { CORS_MODULE_OPTIONS } from './tokens.js';

/**
 * One application's CORS: installs itself on the HTTP adapter as soon as there is one, compiles all policies when the
 * application initialises, and answers what providers and enhancers of this package ask.
 */
@Injectable()
export class CorsRuntime {
  readonly handling: CorsRequestHandling;
  /** What the module's options say; mistakes in them are thrown by {@link compile}. */
  readonly options: ReadModuleOptions;
  readonly askers: OriginAskers;
  /** The compiled policies, once {@link compile} has run. */
  policies: CompiledPolicies | undefined;
  /** How to ask the predicate or resolver of a policy. */
  asking: ReadonlyMap<CompiledPolicy, AskOrigin> = new Map();
  readonly #problems: CorsProblem[] = [];
  readonly #logger = new Logger('CorsModule');
  readonly #report: BootReport;
  #adapter: AdapterPort | undefined;
  #platform: HttpPlatform | undefined;
  #registry: RouteRegistry | undefined;
  #normalizedPaths: NormalizedPaths | undefined;
  #refusedAdapter: Error | undefined;

  constructor(
    @Inject(CORS_MODULE_OPTIONS) options: WrittenOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(CorsExceptionFilter) private readonly filter: CorsExceptionFilter,
  ) {
    this.options = readModuleOptions(options, this.#problems);
    this.#report = new BootReport(this.#logger, this.options.diagnostics.silence ?? []);
    const refusals = new RefusalLog(this.#logger, this.options.diagnostics.logRefusals !== false);
    this.handling = new CorsRequestHandling(
      (refusal) => refusals.add(refusal),
      (rewrite) => refusals.addRewrite(rewrite),
      (inside) => refusals.addInside(inside),
    );
    const resolverLog = new ResolverLog(this.#logger);
    const resolverOptions = this.#problems.length > 0 ? undefined : this.options.resolver;
    this.askers = new OriginAskers(resolverOptions, (event) => resolverLog.add(event));
    adapterHost.init$.subscribe(() => this.#install(adapterHost.httpAdapter as unknown as AdapterPort | null));
    // A second module on the same adapter is refused there, too, but has a better name: compile() reports it.
    if (this.#refusedAdapter !== undefined && duplicateModules(this.modules).length === 0) {
      throw this.#refusedAdapter;
    }
  }

  /**
   * Checks and compiles every policy; called when the application initialises, before routes are registered.
   * @throws CorsConfigurationError with every mistake found
   */
  async compile(): Promise<void> {
    if (this.#refusedAdapter !== undefined && duplicateModules(this.modules).length === 0) {
      throw this.#refusedAdapter;
    }
    const environment = { production: isProduction(), random: Math.random, probed: new Map<object, boolean>() };
    const compilation = new PoliciesCompilation(this.options, environment, (handler, versioned) =>
      this.#platform?.constraintsOf(handler, versioned),
    );
    const scanner = new MetadataScanner(); // remembers what it scanned
    const records = this.#adapter === undefined ? [] : collectRoutes(this.modules, this.config, scanner);
    const routes = new RouteTree<RouteEntry>();
    const policies = compilation.compile(records, routes);
    const problems = [
      ...duplicateModules(this.modules),
      ...this.#problems,
      ...foldedPaths(this.options, this.#platform?.caseSensitive ?? true),
      ...compilation.problems,
      ...misplacedDecorators(this.modules, scanner, compilation.declarations.reached),
    ];
    const asking = askersOf(policies, this.moduleRef, this.askers, problems);
    if (problems.length > 0) {
      throw new CorsConfigurationError(groupProblems(problems));
    }
    this.policies = policies;
    // An application may be initialised again after it failed to: routes of the first time may still be there.
    this.asking = new Map([...this.asking, ...asking]);
    if (this.#adapter !== undefined) {
      this.#normalizedPaths?.release();
      this.#normalizedPaths = new NormalizedPaths(this.#adapter);
      this.#registry?.expect(policies.entries, this.#normalizedPaths);
      this.#platform?.expectRoutes(routes);
    }
    const pathPolicies = new PathPolicies(policies.paths, policies.applicationWide, policies.ambiguousPath, {
      caseSensitive: this.#platform?.caseSensitive ?? true,
      semicolonDelimiter: this.#platform?.semicolonDelimiter ?? false,
    });
    this.#report.warn([...compilation.warnings, ...this.#report.sharedPaths(policies.entries, pathPolicies)]);
    const { explainToClient } = this.options.diagnostics;
    this.handling.lookup.configure(
      Object.freeze({
        applicationWide: policies.applicationWide,
        paths: pathPolicies,
        refused: policies.refused,
        askers: this.asking,
        handlerIdentities: new Set(policies.entries.map(({ policy }) => policy.preflightIdentity)),
        handlerMethods: methodsOf(policies.entries),
        enforcesPaths: policies.paths.some(({ policy }) => policy.enforce !== false),
        explainToClient:
          explainToClient === 'even-in-production' || (explainToClient === true && !environment.production),
      }),
    );
    addEnhancers(this.config, this.filter, records, policies.entries);
  }

  /**
   * Reports every route that was not registered as it was compiled; one that was not expected refuses cross-origin
   * access. Where there is no HTTP, and so no earlier moment, the policies are compiled here, for `CorsService`.
   */
  async verify(): Promise<void> {
    if (this.policies === undefined) {
      await this.compile();
    }
    for (const route of this.#registry?.unexpected() ?? []) {
      this.#logger.error(
        `The route ${route} was registered and not expected. It is served without cross-origin access. Please report this.`,
      );
    }
    for (const route of this.#registry?.missing() ?? []) {
      this.#logger.warn(
        `The route ${route} was not registered by Nest, so no CORS policy is attached to it. If another handler takes its ` +
          "URL, that handler's policy applies, otherwise that of `paths` or of CorsModule.forRoot().",
      );
    }
    this.#registry?.forget();
    this.#normalizedPaths?.release();
  }

  #install(adapter: AdapterPort | null): void {
    if (adapter === null || adapter === undefined) {
      return; // a microservice or a standalone application: there is no HTTP
    }
    try {
      this.#adapter = adapter;
      this.#platform = platformFor(adapter, this.handling, () => this.config.getVersioning());
    } catch (error) {
      this.#refusedAdapter = error as Error; // an observer must not throw; the constructor or compile() does
      return;
    }
    this.handling.lookup.attach(this.#platform);
    this.#registry = new RouteRegistry(this.#platform, this.handling.enforcement, (method, path) =>
      this.#unknownEntry(method, path),
    );
    this.#registry.wrap(adapter);
    this.#report.watchEnableCors(adapter);
  }

  #unknownEntry(method: string, path: string): RouteEntry {
    if (this.policies === undefined) {
      throw new Error('nestjs-cors was not initialised before routes were registered.');
    }
    return Object.freeze({
      target: `${method} ${path}`,
      method,
      path,
      policy: this.policies.refused,
      controller: undefined,
      handler: undefined,
      registered: undefined,
      acceptsHost: undefined,
      versions: undefined,
      rivals: [],
      ambiguous: false,
    });
  }
}

/** A route for every method is found by any. */
function methodsOf(entries: readonly RouteEntry[]): readonly string[] {
  return Object.freeze([...new Set(entries.map(({ method }) => (method === ANY_METHOD ? 'GET' : method)))]);
}

function isProduction(): boolean {
  return process.env.NODE_ENV === 'production';
}
