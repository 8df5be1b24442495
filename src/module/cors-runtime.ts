import { Inject, Injectable, Logger, type VersioningOptions } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import { BootReport } from '../boot/boot-report.js';
import {
  type ApplicationParts,
  type CompiledApplication,
  compileApplication,
  policyTable,
} from '../boot/compile-application.js';
import { uncheckedHandshakes } from '../boot/gateways/unchecked-handshakes.js';
import type { AdapterInstallation, AdapterObserver } from '../boot/installation/adapter-installation.js';
import { AdapterInstallations, type AdapterOwner, adapterOf } from '../boot/installation/adapter-installations.js';
import { CORS_MODULE_OPTIONS, CORS_RUNTIME_BRAND } from '../boot/metadata/tokens.js';
import { refuseLazyModule } from '../boot/module-imports.js';
import { readModuleOptions, type WrappedOptions } from '../boot/options/read-module-options.js';
import { refusingPolicy } from '../boot/policies/refusing-policy.js';
import type { ExplainedApplication } from '../explanations/explained-request.js';
import type { CorsRoute } from '../explanations/listing/cors-route.js';
import { describeTable } from '../explanations/listing/describe-table.js';
import { listRoutes } from '../explanations/listing/list-routes.js';
import { RefusalLog } from '../explanations/logs/refusal-log.js';
import { RemovedHeadersLog } from '../explanations/logs/removed-headers-log.js';
import { ResolverLog } from '../explanations/logs/resolver-log.js';
import { refusedByCsrf } from '../explanations/refused-by-csrf.js';
import { Handshakes } from '../http/handshake/handshakes.js';
import type { HttpPlatform } from '../http/http-platform.js';
import { safeReports } from '../http/reports/request-reports.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import { OriginChecks } from '../resolver/origin-checks.js';
import type { CorsProblem } from '../validation/problems/problem.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { addEnhancers } from './enhancers.js';
import { NEST_VALUES } from './nest-values.js';

/**
 * Runs the boot: reads the options and installs on the HTTP adapter when Nest creates it, compiles the policies before
 * Nest registers routes, and verifies afterwards. Services read the result.
 */
@Injectable()
export class CorsRuntime implements AdapterOwner {
  readonly [CORS_RUNTIME_BRAND] = true;
  readonly nest = NEST_VALUES;
  readonly originChecks: OriginChecks;
  readonly observer: AdapterObserver;
  /** Decides about WebSocket handshakes. */
  readonly handshakes: Handshakes;
  /** The application that was compiled last. A testing module can create several. */
  application: CompiledApplication | undefined;
  /** The installation on the adapter of that application; absent without HTTP. */
  installation: AdapterInstallation | undefined;
  /** The origin checks of the policies that have a predicate or resolver. */
  checkByPolicy: ReadonlyMap<CompiledPolicy, OriginCheck> = new Map();
  readonly #parts: ApplicationParts;
  readonly #installations: AdapterInstallations;
  readonly #report: BootReport;
  readonly #logger = new Logger('CorsModule');
  readonly #adapterHost: HttpAdapterHost;
  readonly #filter: CorsExceptionFilter;

  constructor(
    @Inject(CORS_MODULE_OPTIONS) wrapped: WrappedOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ApplicationConfig) config: ApplicationConfig,
    @Inject(ModuleRef) moduleRef: ModuleRef,
    @Inject(CorsExceptionFilter) filter: CorsExceptionFilter,
  ) {
    refuseLazyModule(modules);
    const problems: CorsProblem[] = []; // thrown by boot(), together with all others
    const options = readModuleOptions(wrapped, problems);
    const { silence = [], logRefusals } = options.diagnostics;
    const report = new BootReport(this.#logger, silence);
    const refusals = new RefusalLog(this.#logger, logRefusals !== false, (refusal) =>
      refusingPolicy(this.application as CompiledApplication, refusal),
    );
    const removedHeaders = new RemovedHeadersLog(this.#logger, logRefusals !== false);
    const resolverLog = new ResolverLog(this.#logger);
    this.originChecks = new OriginChecks(problems.length > 0 ? undefined : options.resolver, (event) =>
      resolverLog.add(event),
    );
    this.observer = {
      refused: (refusal) => refusals.add(refusal),
      rewritten: (request) => refusals.addRewritten(request),
      decidedByNested: (application) => refusals.addNested(application),
      headersRemoved: (headers) => removedHeaders.add(headers),
      embedsBlocked: (target) => report.warnOfBlockedEmbeds(target),
      enableCorsCalled: (call) => {
        removedHeaders.enableCorsCalled();
        report.warnOfEnableCors(call, options.applicationWide.options);
      },
    };
    this.#parts = { options, problems, modules, config, moduleRef, originChecks: this.originChecks, nest: this.nest };
    this.#report = report;
    this.#adapterHost = adapterHost;
    this.#filter = filter;
    this.#installations = AdapterInstallations.forHost(adapterHost, this);
    this.#installations.installationOn(adapterOf(adapterHost, this.nest));
    this.handshakes = new Handshakes(() => this.#platform(), safeReports(this.observer).refused);
  }

  /** The runtime of this container that Nest created last: its options apply. */
  get latest(): CorsRuntime {
    return this.#installations.owner as CorsRuntime;
  }

  versioning(): VersioningOptions | undefined {
    return this.#parts.config.getVersioning();
  }

  /**
   * Compiles every policy of an application before Nest registers its routes.
   *
   * @param adapter the adapter of the application; by default the one that the container received last
   * @throws CorsConfigurationError with every mistake found
   */
  boot(adapter: unknown = adapterOf(this.#adapterHost, this.nest)): void {
    const installation = this.#installations.installationOn(adapter);
    const application = compileApplication(this.#parts, installation?.platform);
    const { routes, paths, records, warnings } = application;
    this.application = application;
    this.installation = installation;
    // If a first attempt to initialise failed, its routes may still be registered.
    this.checkByPolicy = new Map([...this.checkByPolicy, ...application.checkByPolicy]);
    this.handshakes.configure({ paths, originChecks: this.checkByPolicy, gateways: application.gateways });
    this.#report.warn([...warnings, ...this.#report.sharedPaths(routes.entries, paths)]);
    if (installation !== undefined) {
      const policies = policyTable(application, this.checkByPolicy, this.#parts.options);
      installation.start(routes, policies, this.observer);
      addEnhancers(this.#parts.config, this.#filter, records, routes.entries);
      const ofPaths = application.policies.paths.map(({ policy }) => policy);
      const ofRoutes = routes.entries.map(({ policy }) => policy);
      this.#report.logIfClosed([policies.applicationWide, ...ofPaths, ...ofRoutes]);
      const { platform, securityHook } = installation;
      if (securityHook !== undefined) {
        this.#report.warn(refusedByCsrf(application, platform, securityHook));
      }
    }
  }

  /**
   * The routes of the application with their policies. Without HTTP there are none.
   *
   * @throws Error before Nest has registered the routes
   */
  routes(): readonly CorsRoute[] {
    const { application, installation } = this;
    if (application === undefined || (installation?.isStarting === true && !installation.isRegistered)) {
      throw new Error(
        'The routes do not exist before the application is initialised. Call app.init() or app.listen() first.',
      );
    }
    return installation === undefined ? [] : listRoutes(application, installation.handling.lookup);
  }

  /**
   * Reports once about an HTTP application that has started: WebSockets that no policy protects, and the routes if
   * `printRoutes` is set.
   */
  reportStart(): void {
    const { application, installation } = this;
    if (application === undefined || installation === undefined || installation.isReported) {
      return;
    }
    installation.isReported = true;
    this.#report.warn(
      uncheckedHandshakes(application, this.handshakes.isServed, installation.upgradeListeners, (late) =>
        this.#report.warn([late]),
      ),
    );
    if (this.#parts.options.diagnostics.printRoutes === true) {
      this.#logger.log(describeTable(this.routes()));
    }
  }

  /**
   * Reports routes that Nest did not register as they were compiled. Nest calls no earlier hook in an application
   * without HTTP, so its policies are compiled here.
   */
  verify(): void {
    if (this.application === undefined) {
      this.boot();
    }
    this.#installations.verify(this.#logger);
  }

  /** The platform of the application that was compiled last, or else of the adapter of the container. */
  #platform(): HttpPlatform | undefined {
    return (this.installation ?? this.#installations.installationOn(adapterOf(this.#adapterHost, this.nest)))?.platform;
  }

  /**
   * What explanations need of the application.
   * @throws Error before Nest has registered its routes, and without HTTP
   */
  get explained(): ExplainedApplication {
    const { installation } = this;
    if (this.application === undefined || (installation?.isStarting === true && !installation.isRegistered)) {
      throw new Error(
        'The CORS policies cannot be explained before the application is initialised. Call app.init() or app.listen() first.',
      );
    }
    if (installation === undefined) {
      throw new Error('There is nothing to explain: this application serves no HTTP.');
    }
    return {
      lookup: installation.handling.lookup,
      levels: this.application.levels,
      observeResolvers: (observe) => this.originChecks.observe(observe),
      resolverOf: (policy) => {
        const check = this.checkByPolicy.get(policy);
        return check && this.originChecks.nameOf(check);
      },
    };
  }
}
