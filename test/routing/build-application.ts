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
import { Cors, CorsModule } from 'nestjs-cors';
import { of } from 'rxjs';
import { type Platform, type RunningApp, startApp } from '../support/platforms.js';
import {
  APPLICATION_WIDE,
  type ApplicationModel,
  type ControllerModel,
  GLOBAL_PREFIX,
  type HandlerKind,
  type HandlerModel,
  labelOf,
  MODULE_PATH,
  originOf,
  routesOf,
  type Scenario,
} from './application-model.js';
import { hiddenHeaders } from './hidden-headers.js';
import { type PlatformName, routePath } from './path-model.js';
import { strategiesOf, versioningOf } from './scenario-settings.js';

/** Every policy allows this origin, so an actual response shows the policy that applied. */
export const EVERYONE = originOf('everyone');

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

function policyOf(label: string, scenario: Scenario) {
  return {
    origin: [EVERYONE, originOf(label)],
    exposedHeaders: [`x-${label}`],
    allowedHeaders: [...hiddenHeaders(scenario)],
  };
}

function named(name: string, base: object = Object): { new (): object; prototype: object } {
  const made = base === Object ? class {} : class extends (base as { new (): object }) {};
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

function addHandler(
  to: { prototype: object },
  name: string,
  handler: HandlerModel,
  label: string | undefined,
  platform: PlatformName,
  scenario: Scenario,
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
  if (label !== undefined) {
    decorators.push(handler.untouched === true ? Cors('untouched') : Cors(policyOf(label, scenario)));
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
    addHandler(holder, name, handler, controller.inherits ? undefined : label, platform, scenario, recorder);
  });
  if (controller.inherits) {
    Cors(policyOf(`c${index}`, scenario))(built as never);
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
      CorsModule.forRoot({ ...policyOf(APPLICATION_WIDE, scenario), diagnostics: { logRefusals: false } }),
      Feature,
      ...(path === undefined ? [] : [RouterModule.register([{ path, module: Feature }])]),
    ],
    controllers: build(false),
  })
  class Root {}

  const { settings } = scenario;
  const running = await startApp(platform, Root, {
    configure: (app) => configure(app, platform.name, model, scenario, recorder),
    ...(scenario.specificity === true ? { application: { routeResolutionStrategy: 'specificity' } } : {}),
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
      return true;
    },
  });
}
