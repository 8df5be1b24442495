import type { LoggerService, VERSION_NEUTRAL } from '@nestjs/common';
import type { CorsPolicyOptions } from 'nestjs-cors';
import type { Segment } from './path-model.js';

export type VersionValue = string | typeof VERSION_NEUTRAL;
export type VersioningKind = 'uri' | 'header' | 'media-type' | 'custom';

/** The fixed properties of the applications in one lookup test. The others are random. */
export interface Scenario {
  readonly title: string;
  readonly prefix?: boolean;
  readonly routerModule?: 'static' | 'parameter';
  readonly versioning?: VersioningKind;
  readonly defaultVersion?: string;
  readonly hosts?: boolean;
  /** Constraints that read headers, and the host (Fastify). */
  readonly constraints?: readonly ConstraintName[];
  /** Whether some handlers have no policy, beside handlers that answer OPTIONS. */
  readonly untouched?: boolean;
  /** Whether handlers that answer OPTIONS exist beside all others. */
  readonly covered?: boolean;
  /** The name of the header that carries a version. @default {@link VERSION_HEADER} */
  readonly versionHeader?: string;
  readonly specificity?: boolean;
  /** The policies of handlers and classes, by label. By default each allows two origins. */
  readonly policyOf?: (label: string) => GeneratedPolicy;
  /** Entries of `paths`, by path. */
  readonly paths?: Readonly<Record<string, CorsPolicyOptions | false>>;
  /** Code that replaces parts of the policies, by place: `CorsModule`, `Controller1`, `Base0.handler2`. */
  readonly corrections?: ReadonlyMap<string, GeneratedPolicy>;
  /** Receives the log, with every refusal. By default nothing is logged. */
  readonly logger?: LoggerService;
  /** `app.set()` on Express, or Fastify's `routerOptions`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Options of `@Cors()`, or the name of another decorator. */
export type GeneratedPolicy = CorsPolicyOptions | 'untouched' | 'disabled';

export type HandlerKind = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'SEARCH' | 'ALL' | 'SSE';

export interface HandlerModel {
  readonly kind: HandlerKind;
  /** Several for a path array. */
  readonly paths: readonly (readonly Segment[])[];
  readonly version?: VersionValue | readonly VersionValue[] | undefined;
  readonly constraints?: Readonly<Partial<Record<ConstraintName | 'host', string>>> | undefined;
  readonly untouched?: boolean | undefined;
}

export interface ControllerModel {
  readonly paths: readonly (readonly Segment[])[];
  readonly handlers: readonly HandlerModel[];
  readonly scoped: boolean;
  /** Its handlers are in a base class, and the policy is on this class. */
  readonly inherits: boolean;
  /** Whether it belongs to the module that `RouterModule` gives a path. */
  readonly inModule: boolean;
  readonly host?: string | readonly string[] | undefined;
  readonly version?: VersionValue | readonly VersionValue[] | undefined;
}

export interface ApplicationModel {
  readonly controllers: readonly ControllerModel[];
  /** Indices into {@link routesOf} of routes that are excluded from the global prefix. */
  readonly excluded: readonly number[];
}

/** One handler at one path. */
export interface RouteModel {
  readonly controller: ControllerModel;
  readonly handler: HandlerModel;
  /** The path below prefix, version and module. */
  readonly segments: readonly Segment[];
  readonly label: string;
}

export const GLOBAL_PREFIX = 'api';
export const MODULE_PATH: Readonly<Record<'static' | 'parameter', readonly Segment[]>> = Object.freeze({
  static: [{ kind: 'literal', text: 'module' }],
  parameter: [{ kind: 'literal', text: 'module' }, { kind: 'parameter' }],
});
export const VERSION_HEADER = 'X-Api-Version';
export const CUSTOM_HEADER = 'X-Custom';

/** The header that each constraint strategy reads, and the values that requests carry. */
export const CONSTRAINTS = Object.freeze({
  tenant: { header: 'X-Tenant', values: [undefined, 'a', 'b'] },
  region: { header: 'X-Region', values: [undefined, 'eu', 'us', 'z'] },
} as const);
export type ConstraintName = keyof typeof CONSTRAINTS;

/** The name of the policy for paths and methods without a handler. */
export const APPLICATION_WIDE = 'app-wide';

/** The name of a handler's policy. Handlers of a base class share that of the subclass. */
export function labelOf(model: ApplicationModel, controller: ControllerModel, handler: HandlerModel): string {
  const own = `c${model.controllers.indexOf(controller)}`;
  return controller.inherits ? own : `${own}-h${controller.handlers.indexOf(handler)}`;
}

export function originOf(label: string): string {
  return `https://${label}.example`;
}

/** Every policy allows this origin by default, so an actual response shows the policy that applied. */
export const EVERYONE = originOf('everyone');

/** Every route of an application, in the order of declaration. */
export function routesOf(model: ApplicationModel): RouteModel[] {
  return model.controllers.flatMap((controller) =>
    controller.paths.flatMap((outer) =>
      controller.handlers.flatMap((handler) =>
        handler.paths.map((inner) => ({
          controller,
          handler,
          segments: [...outer, ...inner],
          label: labelOf(model, controller, handler),
        })),
      ),
    ),
  );
}

/** The features of a route, to count how often the cases reached each. */
export function featuresOf({ controller, handler, segments }: RouteModel, scenario: Scenario): string[] {
  const kinds = new Set<string>(segments.map(({ kind }) => kind));
  return [
    ...kinds,
    ...(controller.paths.length > 1 || handler.paths.length > 1 ? ['path array'] : []),
    ...(controller.inherits ? ['inherited'] : []),
    ...(controller.scoped ? ['request-scoped'] : []),
    ...(controller.inModule && scenario.routerModule !== undefined ? ['RouterModule'] : []),
    ...(controller.host === undefined ? [] : ['host']),
    ...Object.keys(handler.constraints ?? {}).map((name) => `constraint: ${name}`),
    ...(handler.untouched === true ? ['untouched'] : []),
    ...(scenario.versioning !== undefined && (controller.version ?? handler.version) !== undefined
      ? [`${scenario.versioning} version`]
      : []),
    ...(['ALL', 'HEAD', 'SSE', 'OPTIONS'].includes(handler.kind) ? [handler.kind] : []),
    ...(scenario.specificity === true ? ['specificity'] : []),
  ];
}
