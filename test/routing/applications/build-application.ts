import {
  All,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  Head,
  type INestApplication,
  Module,
  Options,
  Patch,
  Post,
  Put,
  RequestMethod,
  Scope,
  Search,
  Sse,
  Version,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { CorsModule, type CorsPolicyOptions } from 'nestjs-cors';
import { of } from 'rxjs';
import { type Platform, type RunningApp, startApp } from '../../support/platforms.js';
import {
  APPLICATION_WIDE,
  type ApplicationModel,
  type ControllerModel,
  type GeneratedPolicy,
  GLOBAL_PREFIX,
  type HandlerKind,
  type HandlerModel,
  labelOf,
  MODULE_PATH,
  routesOf,
  type Scenario,
} from './application-model.js';
import { correctedPaths, correctedPolicy, decoratorOf, policyOf } from './generated-policy.js';
import { type PlatformName, routePath } from './path-model.js';
import { strategiesOf, versioningOf } from './scenario-settings.js';

const DECORATORS: Readonly<Record<HandlerKind, (path: string[]) => MethodDecorator>> = {
  GET: Get,
  HEAD: Head,
  POST: Post,
  PUT: Put,
  PATCH: Patch,
  DELETE: Delete,
  OPTIONS: Options,
  SEARCH: Search,
  ALL: All,
  // `@Sse` accepts one path only. The others are set as `@Get` would.
  SSE: (paths) => (target, property, descriptor) => {
    Sse(paths[0] as string)(target, property, descriptor);
    Reflect.defineMetadata('path', paths, descriptor.value as object);
  },
};

/** The effects of a request. */
export interface Reached {
  /** The policy of the class and handler that the guard saw; absent if no handler was reached. */
  label: string | undefined;
  /** The class and method, for example `Base0.handler1`. */
  target?: string;
  /** How often a handler ran. */
  runs: number;
}

export interface GeneratedApp {
  readonly running: RunningApp;
  /** Clears the notes and returns the object for the next ones. */
  watch(): Reached;
}

interface Recorder {
  reached: Reached;
  readonly labels: Map<unknown, Map<string, string>>;
}

function named(name: string, base: object = Object): { new (): object; name: string; prototype: object } {
  const made = base === Object ? class {} : class extends (base as { new (): object }) {};
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

function addHandler(
  to: { readonly prototype: object },
  name: string,
  handler: HandlerModel,
  policy: GeneratedPolicy | undefined,
  platform: PlatformName,
  recorder: Recorder,
): void {
  const run = () => {
    recorder.reached.runs++;
    return handler.kind === 'SSE' ? of({ data: 'event' }) : 'text';
  };
  Object.defineProperty(run, 'name', { value: name });
  const descriptor = { value: run, configurable: true, writable: true, enumerable: false };
  Object.defineProperty(to.prototype, name, descriptor);
  const decorators = [DECORATORS[handler.kind](handler.paths.map((path) => routePath(path, platform, 'h')))];
  if (handler.version !== undefined) {
    decorators.push(Version(handler.version as string));
  }
  if (policy !== undefined) {
    decorators.push(decoratorOf(policy));
  }
  if (handler.constraints !== undefined) {
    decorators.push(RouteConstraints(handler.constraints));
  }
  for (const decorate of decorators) {
    decorate(to.prototype, name, descriptor);
  }
}

function buildController(
  model: ApplicationModel,
  controller: ControllerModel,
  platform: PlatformName,
  scenario: Scenario,
  recorder: Recorder,
) {
  const index = model.controllers.indexOf(controller);
  const holder = named(`Base${index}`);
  const built = controller.inherits ? named(`Controller${index}`, holder) : holder;
  const labels = new Map<string, string>();
  controller.handlers.forEach((handler, at) => {
    const name = `handler${at}`;
    const label = labelOf(model, controller, handler);
    labels.set(name, label);
    const place = `${built.name}.${name}`;
    const own = controller.inherits ? undefined : handler.untouched === true ? 'untouched' : policyOf(label, scenario);
    addHandler(holder, name, handler, correctedPolicy(own, scenario, place), platform, recorder);
  });
  if (controller.inherits) {
    const own = correctedPolicy(policyOf(`c${index}`, scenario), scenario, built.name);
    decoratorOf(own ?? {})(built as never);
  }
  Controller({
    path: controller.paths.map((path) => routePath(path, platform, 'c')),
    ...(controller.scoped ? { scope: Scope.REQUEST } : {}),
    ...(controller.host === undefined ? {} : { host: controller.host as string }),
    ...(controller.version === undefined ? {} : { version: controller.version as string }),
  })(built as never);
  recorder.labels.set(built, labels);
  return built;
}

function excludedPaths(model: ApplicationModel, scenario: Scenario, platform: PlatformName) {
  const routes = routesOf(model);
  return model.excluded.flatMap((index, position) => {
    const route = routes[index];
    if (route === undefined || route.segments.some(({ kind }) => kind !== 'literal' && kind !== 'parameter')) {
      return [];
    }
    const inModule = route.controller.inModule && scenario.routerModule !== undefined;
    const outer = inModule && scenario.routerModule !== undefined ? MODULE_PATH[scenario.routerModule] : [];
    const path = routePath([...outer, ...route.segments], platform, 'e');
    const method = RequestMethod[route.handler.kind as keyof typeof RequestMethod] ?? RequestMethod.GET;
    return [position % 2 === 0 ? path : { path, method }];
  });
}

/** Starts a generated application on a free port. */
export async function startGenerated(
  platform: Platform,
  model: ApplicationModel,
  scenario: Scenario,
): Promise<GeneratedApp> {
  const recorder: Recorder = { reached: { label: undefined, runs: 0 }, labels: new Map() };
  const build = (inModule: boolean) =>
    model.controllers
      .filter((controller) => controller.inModule === inModule)
      .map((controller) => buildController(model, controller, platform.name, scenario, recorder) as never);

  @Module({ controllers: build(true) })
  class Feature {}
  const { routerModule } = scenario;
  const path = routerModule === undefined ? undefined : routePath(MODULE_PATH[routerModule], platform.name, 'm');
  @Module({
    imports: [
      CorsModule.forRoot({
        ...(correctedPolicy(policyOf(APPLICATION_WIDE, scenario), scenario, 'CorsModule') as CorsPolicyOptions),
        paths: correctedPaths(scenario),
        diagnostics: { logRefusals: scenario.logger !== undefined },
      }),
      Feature,
      ...(path === undefined ? [] : [RouterModule.register([{ path, module: Feature }])]),
    ],
    controllers: build(false),
  })
  class Root {}

  const { settings } = scenario;
  const running = await startApp(platform, Root, {
    configure: (app) => configure(app, platform.name, model, scenario, recorder),
    application: {
      ...(scenario.specificity === true ? { routeResolutionStrategy: 'specificity' } : {}),
      ...(scenario.logger === undefined ? {} : { logger: scenario.logger }),
    },
    adapter:
      platform.name === 'fastify' ? { routerOptions: { ...settings, ...strategiesOf(scenario) } } : { ...settings },
  });
  return {
    running,
    watch: () => {
      recorder.reached = { label: undefined, runs: 0 };
      return recorder.reached;
    },
  };
}

function configure(
  app: INestApplication,
  platform: PlatformName,
  model: ApplicationModel,
  scenario: Scenario,
  recorder: Recorder,
): void {
  if (scenario.prefix === true) {
    app.setGlobalPrefix(GLOBAL_PREFIX, { exclude: excludedPaths(model, scenario, platform) });
  }
  const versioning = versioningOf(scenario);
  if (versioning !== undefined) {
    app.enableVersioning(versioning);
  }
  app.useGlobalGuards({
    canActivate(context: ExecutionContext) {
      const name = context.getHandler().name;
      recorder.reached.label = recorder.labels.get(context.getClass())?.get(name) ?? `unknown ${name}`;
      recorder.reached.target = `${context.getClass().name}.${name}`;
      return true;
    },
  });
}
