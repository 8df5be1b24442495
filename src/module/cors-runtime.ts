import { Inject, Injectable, Logger, type VersioningOptions } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import type { AdapterInstallation, AdapterObserver } from '../boot/adapter-installation.js';
import { AdapterInstallations, type AdapterOwner, adapterOf } from '../boot/adapter-installations.js';
import { BootReport } from '../boot/boot-report.js';
import { compileApplication, policyTable } from '../boot/compile-application.js';
import type { CompiledPolicies } from '../boot/compile-policies.js';
import { duplicateModules, refuseLazyModule } from '../boot/module-imports.js';
import { type ReadModuleOptions, readModuleOptions, type WrittenOptions } from '../boot/options/read-module-options.js';
import { RefusalLog } from '../diagnostics/refusal-log.js';
import { ResolverLog } from '../diagnostics/resolver-log.js';
import { CORS_MODULE_OPTIONS, CORS_RUNTIME_BRAND } from '../metadata/tokens.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import { OriginChecks } from '../resolver/origin-checks.js';
import type { CorsProblem } from '../validation/problems/problem.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { addEnhancers } from './enhancers.js';

/**
 * The CORS of a container: installs itself on every HTTP adapter that the container is given, and compiles all policies
 * when an application initialises. Services read the policies of the application that was initialised last.
 */
@Injectable()
export class CorsRuntime implements AdapterOwner {
  readonly [CORS_RUNTIME_BRAND] = true;
  /** The options of the module; mistakes in them are thrown by {@link boot}. */
  readonly options: ReadModuleOptions;
  readonly originChecks: OriginChecks;
  /** The compiled policies, once {@link boot} has run. */
  policies: CompiledPolicies | undefined;
  /** The origin checks of the policies that have a predicate or resolver. */
  checkByPolicy: ReadonlyMap<CompiledPolicy, OriginCheck> = new Map();
  readonly observer: AdapterObserver;
  readonly #problems: CorsProblem[] = [];
  readonly #logger = new Logger('CorsModule');
  readonly #report: BootReport;
  readonly #installations: AdapterInstallations;
  readonly #adapterHost: HttpAdapterHost;
  readonly #modules: ModulesContainer;
  readonly #config: ApplicationConfig;
  readonly #moduleRef: ModuleRef;
  readonly #filter: CorsExceptionFilter;

  constructor(
    @Inject(CORS_MODULE_OPTIONS) options: WrittenOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ApplicationConfig) config: ApplicationConfig,
    @Inject(ModuleRef) moduleRef: ModuleRef,
    @Inject(CorsExceptionFilter) filter: CorsExceptionFilter,
  ) {
    this.#adapterHost = adapterHost;
    this.#modules = modules;
    this.#config = config;
    this.#moduleRef = moduleRef;
    this.#filter = filter;
    refuseLazyModule(modules);
    this.options = readModuleOptions(options, this.#problems);
    this.#report = new BootReport(this.#logger, this.options.diagnostics.silence ?? []);
    const refusals = new RefusalLog(this.#logger, this.options.diagnostics.logRefusals !== false);
    const resolverLog = new ResolverLog(this.#logger);
    const resolverOptions = this.#problems.length > 0 ? undefined : this.options.resolver;
    this.originChecks = new OriginChecks(resolverOptions, (event) => resolverLog.add(event));
    this.observer = {
      refused: (refusal) => refusals.add(refusal),
      rewritten: (rewrite) => refusals.addRewrite(rewrite),
      decidedInside: (inside) => refusals.addInside(inside),
      enableCorsCalled: () => this.#report.warnOfEnableCors(),
    };
    this.#installations = AdapterInstallations.of(adapterHost, this);
    this.installationOn(adapterOf(adapterHost));
  }

  /** The runtime that was made last in this container: its options apply. */
  get latest(): CorsRuntime {
    return this.#installations.owner as CorsRuntime;
  }

  versioning(): VersioningOptions | undefined {
    return this.#config.getVersioning();
  }

  /**
   * The installation on an adapter; `undefined` where there is none.
   * @throws Error for an adapter that cannot be worked with
   */
  installationOn(adapter: unknown): AdapterInstallation | undefined {
    try {
      return this.#installations.on(adapter);
    } catch (error) {
      if (duplicateModules(this.#modules).length > 0) {
        return undefined; // what a second module finds on an adapter has a better name: boot() reports it
      }
      throw error;
    }
  }

  /**
   * Compiles every policy for an application that initialises, before its routes are registered.
   *
   * @param adapter that application's; by default the last one that the container was given
   * @throws CorsConfigurationError with every mistake found
   */
  boot(adapter: unknown = adapterOf(this.#adapterHost)): void {
    const installation = this.installationOn(adapter);
    const parts = {
      options: this.options,
      problems: this.#problems,
      modules: this.#modules,
      config: this.#config,
      moduleRef: this.#moduleRef,
      originChecks: this.originChecks,
    };
    const compiled = compileApplication(parts, installation?.platform);
    const { policies, paths, records, routes, warnings } = compiled;
    this.policies = policies;
    // An application may be initialised again after it failed to: routes of the first time may still be there.
    this.checkByPolicy = new Map([...this.checkByPolicy, ...compiled.checkByPolicy]);
    this.#report.warn([...warnings, ...this.#report.sharedPaths(policies.entries, paths)]);
    if (installation !== undefined) {
      installation.start(
        policies.entries,
        routes,
        policyTable(compiled, this.checkByPolicy, this.options),
        this.observer,
      );
      this.#installations.starting.add(installation);
      addEnhancers(this.#config, this.#filter, records, policies.entries);
    }
  }

  /**
   * Reports the routes of an application that were not registered as they were compiled. Where there is no HTTP, and so
   * no earlier moment, the policies are compiled here, for `CorsService`.
   */
  verify(): void {
    if (this.policies === undefined) {
      this.boot();
    }
    // Nest does not say which application this is. Another one may be initialised at the same time.
    const { starting } = this.#installations;
    for (const installation of starting) {
      if (starting.size === 1 || installation.isRegistered) {
        starting.delete(installation);
        installation.verify(this.#logger);
      }
    }
  }
}
