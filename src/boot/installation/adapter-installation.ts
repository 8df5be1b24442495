import type { LoggerService, VersioningOptions } from '@nestjs/common';
import { CorsRequestHandling } from '../../http/cors-request-handling.js';
import { notingExchanges, type SecurityHook } from '../../http/enforcement/csrf-exclusion.js';
import type { HttpPlatform } from '../../http/http-platform.js';
import type { PolicyTable } from '../../http/policy-lookup.js';
import type { RequestReports } from '../../http/reports/request-reports.js';
import { unknownRoute } from '../../policy/policy-source.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { EnableCorsCall } from '../enable-cors/enable-cors-call.js';
import { UpgradeListeners } from '../gateways/upgrade-listeners.js';
import type { NestValues } from '../nest-values.js';
import type { Routes } from '../routes/build-routes.js';
import { ExpectedRoutes } from '../routes/expected-routes.js';
import { NormalizedPaths } from '../routes/normalized-paths.js';
import { RouteRegistry } from '../routes/route-registry.js';
import { type AdapterPort, platformFor } from './adapter-platform.js';

/** Receives events of an adapter, for the log. */
export interface AdapterObserver extends RequestReports {
  /** The first call of `enableCors()`, while it runs. */
  enableCorsCalled(call: EnableCorsCall): void;
}

/** Receives what is wrong with the routes of an application. */
export type RouteLogger = Pick<LoggerService, 'error' | 'warn'>;

/**
 * Installs nestjs-cors on one HTTP adapter: hooks into its requests, and wraps the methods that register routes. This
 * happens before `main.ts` receives the application. Requests get their policies when the application initialises.
 */
export class AdapterInstallation {
  readonly handling: CorsRequestHandling;
  readonly platform: HttpPlatform;
  readonly upgradeListeners: UpgradeListeners;
  /** Whether the application was reported about when it had started. */
  isReported = false;
  /** Nest's CSRF protection, if it is enabled. */
  securityHook: SecurityHook | undefined;
  readonly #registry: RouteRegistry;
  #normalizedPaths: NormalizedPaths | undefined;
  readonly #adapter: AdapterPort;
  #observer: AdapterObserver;
  #expected: ExpectedRoutes | undefined;

  /** @throws Error for an adapter that is not supported */
  constructor(
    adapter: AdapterPort,
    versioning: () => VersioningOptions | undefined,
    observer: AdapterObserver,
    nest: NestValues,
  ) {
    this.#adapter = adapter;
    this.#observer = observer;
    this.handling = new CorsRequestHandling({
      refused: (refusal) => this.#observer.refused(refusal),
      rewritten: (request) => this.#observer.rewritten(request),
      decidedByNested: (application) => this.#observer.decidedByNested(application),
      headersRemoved: (headers) => this.#observer.headersRemoved(headers),
      embedsBlocked: (target) => this.#observer.embedsBlocked(target),
    });
    this.platform = platformFor(adapter, this.handling, versioning, nest);
    this.handling.lookup.attach(this.platform);
    this.#registry = new RouteRegistry(this.platform, this.handling.enforcement, (method, path) =>
      this.#unknownEntry(method, path),
    );
    this.#registry.wrap(adapter);
    this.upgradeListeners = new UpgradeListeners(adapter);
    this.#watchEnableCors();
    this.#watchCsrfProtection();
  }

  /** Gives requests their policies. Called before Nest registers the routes, and again if a first attempt failed. */
  start(routes: Routes, policies: PolicyTable, observer: AdapterObserver): void {
    this.#observer = observer;
    this.#normalizedPaths?.release();
    this.#normalizedPaths = new NormalizedPaths(this.#adapter);
    this.#expected = new ExpectedRoutes(routes.entries, this.#normalizedPaths, this.platform);
    this.#registry.expect(this.#expected);
    this.platform.expectRoutes(routes.tree);
    this.handling.lookup.configure(policies);
    this.upgradeListeners.noteGateways();
  }

  /** Whether the application has its policies, and its routes are not verified yet. */
  get isStarting(): boolean {
    return this.#expected !== undefined;
  }

  /** Whether Nest has registered the routes of an application that is starting. It registers them all at once. */
  get isRegistered(): boolean {
    return this.#expected?.hasRegistered === true;
  }

  /** Reports every route that Nest did not register as expected. From now on every route of Nest is unexpected. */
  verify(logger: RouteLogger): void {
    for (const route of this.#expected?.unexpected ?? []) {
      logger.error(
        `The route ${route} is not known to nestjs-cors, so it has no cross-origin access. If another ` +
          'application uses this HTTP adapter, give that application its own adapter. Otherwise please report this.',
      );
    }
    for (const route of this.#expected?.missing() ?? []) {
      logger.warn(
        `The route ${route} has no CORS policy, because Nest did not register it. If another handler serves its ` +
          'URL, the policy of that handler applies, otherwise that of `paths` or of CorsModule.forRoot().',
      );
    }
    this.#registry.expect(undefined);
    this.#expected = undefined;
    this.#normalizedPaths?.release();
  }

  /** Whether this adapter serves a response, as handlers see it. */
  serves(response: object): boolean {
    const rawResponse = this.platform.rawResponse(response);
    return typeof rawResponse === 'object' && this.handling.responseKey in rawResponse;
  }

  #watchEnableCors(): void {
    const adapter = this.#adapter;
    const { enableCors } = adapter;
    const platform = adapter.getType() as EnableCorsCall['platform']; // no other is supported
    let isReported = false;
    const callee = (options?: unknown) => {
      if (!isReported) {
        isReported = true;
        this.#observer.enableCorsCalled({ platform, options, callee });
      }
      return enableCors.call(adapter, options);
    };
    adapter.enableCors = callee;
  }

  #watchCsrfProtection(): void {
    const adapter = this.#adapter;
    const { registerSecurityHook } = adapter;
    const { responseKey, lookup } = this.handling;
    if (registerSecurityHook !== undefined) {
      adapter.registerSecurityHook = (hook) => {
        this.securityHook = hook;
        return registerSecurityHook.call(adapter, notingExchanges(hook, responseKey, lookup));
      };
    }
  }

  #unknownEntry(method: string, path: string): RouteEntry {
    const { lookup } = this.handling;
    if (!lookup.isConfigured) {
      throw new Error('Nest registers routes before nestjs-cors is initialised. Please report this.');
    }
    return Object.freeze({
      target: unknownRoute(method, path),
      method,
      path,
      policy: lookup.policies.refused,
      declarations: [],
      controller: undefined,
      handler: undefined,
      registered: undefined,
      acceptsHost: undefined,
      versions: undefined,
      otherMethods: [],
      versionAmbiguous: false,
    });
  }
}
