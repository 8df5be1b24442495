import type { Segment } from '../routing/applications/path-model.js';
import type { Spelling } from '../routing/request-arbitrary.js';

/** Plain data: a plan can be shrunk, printed and run again. */

export type PlatformName = 'express' | 'fastify';

/** How a policy decides whether it allows an origin. */
export type OriginForm = '*' | 'list' | 'pattern' | 'predicate' | 'promise' | 'resolver' | 'keyed resolver';

/** The `origin` of a policy. A pattern allows what it matches, whatever `origins` contains. */
export interface OriginPlan {
  readonly form: OriginForm;
  readonly origins: readonly string[];
  /** Of the form `pattern`. */
  readonly pattern?: string;
}

export type EnforcePlan = false | 'unsafe-methods' | 'all';

export interface PolicyPlan {
  readonly origin?: OriginPlan;
  readonly credentials?: boolean;
  readonly methods?: readonly string[];
  readonly allowedHeaders?: readonly string[];
  readonly exposedHeaders?: readonly string[];
  readonly maxAge?: number;
  readonly enforce?: EnforcePlan;
  readonly enforceReportOnly?: boolean;
  readonly dangerouslyAllowInsecureOrigins?: boolean;
}

/** A CORS decorator. */
export type DeclarationPlan =
  | { readonly kind: 'disable' }
  | { readonly kind: 'untouched' }
  | { readonly kind: 'cors'; readonly policy?: string; readonly options?: PolicyPlan };

/** What a foreign decorator between the CORS decorator and the route does to the method. */
export type ForeignDecorator = 'wraps' | 'wraps and copies metadata' | 'binds' | 'proxies' | 'wraps on its prototype';

export type HandlerMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'ALL';

/** How a handler answers. */
export type HandlerAnswer =
  | 'text'
  | 'conflict'
  | 'error'
  | 'redirect'
  | 'raw'
  | 'own headers'
  | 'later'
  | 'stream'
  | 'nothing'
  | 'opens itself';

export interface HandlerPlan {
  readonly name: string;
  readonly method: HandlerMethod;
  readonly path: readonly Segment[];
  readonly version?: string | readonly string[];
  readonly tenant?: string;
  readonly declaration?: DeclarationPlan;
  readonly foreign?: ForeignDecorator;
  readonly answer: HandlerAnswer;
  /** Whether the constructor binds it to the instance. */
  readonly bound: boolean;
  /** Whether its own guard refuses requests without a key. */
  readonly guarded: boolean;
}

/** Where the handlers of a controller are defined. */
export type Inheritance = 'none' | 'base class' | 'mixin';

export interface ControllerPlan {
  readonly name: string;
  readonly path: readonly Segment[];
  readonly host?: string;
  readonly version?: string | readonly string[];
  readonly scoped: boolean;
  readonly inherits: Inheritance;
  readonly inModule: boolean;
  readonly declaration?: DeclarationPlan;
  /** The decorator of the class with the handlers, if that is another one. */
  readonly baseDeclaration?: DeclarationPlan;
  readonly handlers: readonly HandlerPlan[];
}

export interface PathPlan {
  readonly path: string;
  readonly policy: string | PolicyPlan | false | 'untouched';
}

/** Middleware before the handlers. */
export type MiddlewarePlan = 'none' | 'sets CORS headers' | 'rewrites the URL' | 'overrides the method' | 'mounts';

export interface ApplicationPlan {
  readonly platform: PlatformName;
  readonly http2: boolean;
  /** `app.set()` on Express, `routerOptions` on Fastify. */
  readonly router: Readonly<Record<string, boolean | number>>;
  readonly prefix?: string;
  readonly modulePath?: string;
  readonly versioning?: 'uri' | 'header' | 'media-type' | 'custom';
  readonly middleware: MiddlewarePlan;
  /** A request-scoped interceptor of the application makes every controller request-scoped. */
  readonly scopedInterceptor: boolean;
  readonly module: PolicyPlan;
  readonly policies: Readonly<Record<string, PolicyPlan>>;
  readonly paths: readonly PathPlan[];
  readonly controllers: readonly ControllerPlan[];
}

/** How a request travels. */
export type Transport = 'kept alive' | 'pipelined' | 'aborted';

export interface RequestPlan {
  readonly method: string;
  readonly target: string;
  readonly spelling: Spelling;
  readonly host?: string;
  readonly version?: string;
  readonly tenant?: string;
  readonly origin: string;
  /** The header names that the preflight requests. */
  readonly requestedHeaders: readonly string[];
  readonly transport: Transport;
}

/** One application and its requests. */
export interface CasePlan {
  readonly application: ApplicationPlan;
  readonly requests: readonly RequestPlan[];
}

export const VERSION_HEADER = 'x-api-version';
export const CUSTOM_HEADER = 'x-custom-version';
export const TENANT_HEADER = 'x-tenant';
export const VERSIONS: readonly (string | undefined)[] = Object.freeze([undefined, '1', '2', '9']);
export const TENANTS: readonly (string | undefined)[] = Object.freeze([undefined, 'a', 'b', 'z']);

/** For example `C0.h1`. A handler reports it when it runs. */
export function labelOf(controller: ControllerPlan, handler: HandlerPlan): string {
  return `${controller.name}.${handler.name}`;
}

/** Whether a request header chooses between routes. */
export function hasTenants({ controllers }: Pick<ApplicationPlan, 'controllers'>): boolean {
  return controllers.some(({ handlers }) => handlers.some(({ tenant }) => tenant !== undefined));
}

/** Whether handlers of one method and URL can differ in something that preflights do not carry. */
export function hidesCandidates(plan: ApplicationPlan): boolean {
  return (plan.versioning !== undefined && plan.versioning !== 'uri') || hasTenants(plan);
}
