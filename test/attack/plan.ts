import type { Segment } from '../routing/path-model.js';
import type { Spelling } from '../routing/request-arbitrary.js';

/** Plain data: a plan can be shrunk, printed and run again. */

export type PlatformName = 'express' | 'fastify';

/** How a policy finds out whether an origin is allowed. */
export type OriginForm = '*' | 'list' | 'pattern' | 'predicate' | 'promise' | 'resolver' | 'keyed resolver';

/** What `origin` says. A pattern stands for what is below `example.com`, whatever `origins` has. */
export interface OriginPlan {
  readonly form: OriginForm;
  readonly origins: readonly string[];
}

export interface PolicyPlan {
  readonly origin?: OriginPlan;
  readonly credentials?: boolean;
  readonly methods?: readonly string[];
  readonly allowedHeaders?: readonly string[];
  readonly exposedHeaders?: readonly string[];
  readonly maxAge?: number;
  readonly enforce?: false | 'unsafe-methods' | 'all';
}

/** A decorator of ours. */
export type DeclarationPlan =
  | { readonly kind: 'disable' }
  | { readonly kind: 'untouched' }
  | { readonly kind: 'cors'; readonly policy?: string; readonly options?: PolicyPlan };

/** What a decorator from elsewhere, between ours and the route's, does to the method. */
export type ForeignDecorator = 'wraps' | 'wraps and copies metadata' | 'binds' | 'proxies' | 'wraps on its prototype';

export type HandlerMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'ALL';

/** How a handler answers. */
export type HandlerAnswer = 'text' | 'conflict' | 'error' | 'redirect' | 'raw' | 'own headers' | 'later';

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
  /** Whether a guard of its own refuses what has no key. */
  readonly guarded: boolean;
}

/** Where a controller's handlers are written. */
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
  /** On the class that has the handlers, where that is another one. */
  readonly baseDeclaration?: DeclarationPlan;
  readonly handlers: readonly HandlerPlan[];
}

export interface PathPlan {
  readonly path: string;
  readonly policy: string | PolicyPlan | false | 'untouched';
}

/** Middleware that stands before the handlers. */
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
  /** What a preflight asks for. */
  readonly requestedHeaders: readonly string[];
  readonly transport: Transport;
}

/** One application and what it is asked. */
export interface CasePlan {
  readonly application: ApplicationPlan;
  readonly requests: readonly RequestPlan[];
}

export const VERSION_HEADER = 'x-api-version';
export const CUSTOM_HEADER = 'x-custom-version';
export const TENANT_HEADER = 'x-tenant';
export const VERSIONS: readonly (string | undefined)[] = Object.freeze([undefined, '1', '2', '9']);
export const TENANTS: readonly (string | undefined)[] = Object.freeze([undefined, 'a', 'b', 'z']);

/** `C0.h1`: what a handler reports when it runs. */
export function labelOf(controller: ControllerPlan, handler: HandlerPlan): string {
  return `${controller.name}.${handler.name}`;
}

/** Whether a request header chooses between routes. */
export function hasTenants({ controllers }: Pick<ApplicationPlan, 'controllers'>): boolean {
  return controllers.some(({ handlers }) => handlers.some(({ tenant }) => tenant !== undefined));
}

/** Whether handlers of one method and URL can differ in something that a preflight does not carry. */
export function hidesCandidates(plan: ApplicationPlan): boolean {
  return (plan.versioning !== undefined && plan.versioning !== 'uri') || hasTenants(plan);
}
