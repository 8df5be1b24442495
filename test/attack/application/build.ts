import { Controller, type INestApplication, Module, Scope, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { CorsModule } from 'nestjs-cors';
import { routePath } from '../../routing/applications/path-model.js';
import { PLATFORMS, type RunningApp, startApp } from '../../support/start-app.js';
import { type ApplicationPlan, type ControllerPlan, hasTenants, TENANT_HEADER } from '../plan.js';
import { configure, ScopedInterceptor } from './configure.js';
import { addHandler } from './handlers.js';
import { declare, moduleOptions, OriginSources } from './policies.js';
import { Runs } from './runs.js';

export interface BuiltApplication {
  readonly running: RunningApp;
  readonly runs: Runs;
}

type Prototype = Record<string, (...values: unknown[]) => unknown>;

/** What a caller adds to a planned application. */
export interface Surroundings {
  readonly certificate?: { readonly key: string; readonly cert: string } | undefined;
  /** Called before `listen`. */
  readonly configure?: (app: INestApplication) => void;
}

/**
 * Starts a planned application on a free port.
 *
 * @param cors whether to use the module and its decorators; the control application has neither
 */
export async function buildApplication(
  plan: ApplicationPlan,
  cors: boolean,
  { certificate, configure: surround }: Surroundings = {},
): Promise<BuiltApplication> {
  const runs = new Runs();
  const origins = new OriginSources();
  const controllers = (inModule: boolean) =>
    plan.controllers
      .filter((controller) => controller.inModule === inModule)
      .map((controller) => buildController(plan, controller, runs, cors ? origins : undefined));

  @Module({ controllers: controllers(true) })
  class Feature {}
  const own = controllers(false);
  const options = cors ? moduleOptions(plan, origins) : undefined;
  @Module({
    imports: [
      ...(options === undefined ? [] : [CorsModule.forRoot(options as never)]),
      Feature,
      ...(plan.modulePath === undefined ? [] : [RouterModule.register([{ path: plan.modulePath, module: Feature }])]),
    ],
    controllers: own,
    providers: [...origins.providers, ...(plan.scopedInterceptor ? [ScopedInterceptor] : [])],
  })
  class Root {}

  const platform = PLATFORMS.find(({ name }) => name === plan.platform);
  if (platform === undefined) {
    throw new Error(`There is no platform ${plan.platform}.`);
  }
  const running = await startApp(platform, Root, {
    configure(app) {
      configure(app, plan);
      surround?.(app);
    },
    adapter: adapterOptions(plan, certificate),
    application: { forceCloseConnections: true, ...(plan.platform === 'express' && { httpsOptions: certificate }) },
    secure: certificate !== undefined,
  });
  return { running, runs };
}

function adapterOptions(plan: ApplicationPlan, certificate: Surroundings['certificate']): Record<string, unknown> {
  if (plan.platform === 'express') {
    return plan.router;
  }
  return {
    ...(plan.http2 ? { http2: true } : {}),
    ...(certificate === undefined ? {} : { https: certificate }),
    routerOptions: { ...plan.router, ...(hasTenants(plan) ? { constraints: { tenant: tenantStrategy() } } : {}) },
  };
}

/** Selects routes by a request header, as multi-tenant applications do. */
function tenantStrategy() {
  return {
    name: 'tenant',
    storage() {
      const handlers: Record<string, unknown> = Object.create(null);
      return {
        get: (tenant: string) => handlers[tenant] ?? null,
        set: (tenant: string, store: unknown) => {
          handlers[tenant] = store;
        },
      };
    },
    deriveConstraint: (request: { headers: Record<string, string | undefined> }) => request.headers[TENANT_HEADER],
    validate: () => true,
  };
}

function buildController(
  plan: ApplicationPlan,
  controller: ControllerPlan,
  runs: Runs,
  origins: OriginSources | undefined,
): Type {
  const holder = holderOf(controller);
  for (const handler of controller.handlers) {
    addHandler(plan, controller, handler, holder, runs, origins);
  }
  const built = controller.inherits === 'none' ? holder : named(controller.name, holder);
  bindIn(built, controller);
  if (origins !== undefined) {
    if (built !== holder) {
      declare(holder, controller.baseDeclaration, origins);
    }
    declare(built, controller.declaration, origins);
  }
  Controller({
    path: routePath(controller.path, plan.platform, 'c'),
    ...(controller.scoped ? { scope: Scope.REQUEST } : {}),
    ...(controller.host === undefined ? {} : { host: controller.host }),
    ...(controller.version === undefined ? {} : { version: controller.version as string }),
  })(built);
  return built;
}

function holderOf({ name, inherits }: ControllerPlan): Type {
  switch (inherits) {
    case 'none':
      return named(name);
    case 'base class':
      return named(`${name}Base`);
    case 'mixin':
      return mixin(class Plain {}, `${name}Mixin`);
  }
}

function mixin(base: Type, name: string): Type {
  return named(name, base);
}

/** A class with its own name, whose constructor can run code. */
function named(name: string, base: Type = Object as never): Type {
  class Made extends base {
    constructor(...values: unknown[]) {
      super(...values);
      const names = (new.target as unknown as { bound?: readonly string[] }).bound;
      for (const method of names ?? []) {
        const own = this as unknown as Prototype;
        own[method] = (own[method] as (...values: unknown[]) => unknown).bind(this);
      }
    }
  }
  Object.defineProperty(Made, 'name', { value: name });
  return Made;
}

function bindIn(built: Type, { handlers }: ControllerPlan): void {
  const bound = handlers.filter(({ bound }) => bound).map(({ name }) => name);
  Object.defineProperty(built, 'bound', { value: bound });
}
