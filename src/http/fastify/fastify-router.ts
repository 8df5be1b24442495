import type { RawRequest } from '../http-platform.js';

/** The result of a look-up in Fastify's router. */
export interface RouterMatch {
  /** The context of the route, with its `config`; `null` for the router's own answers. */
  readonly store: { readonly config?: object } | null;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly searchParams?: unknown;
}

/** The router's own answer to a request. */
export type RouterAnswer = (path: string, request: RawRequest, response: object) => unknown;

/** Finds routes by the value of a constraint. Routes are bits of a number. */
export interface ConstraintStore {
  get(value: unknown): number | null | undefined;
  set(value: unknown, routes: number): unknown;
}

/** The strategy of the router for one constraint: reads it from a request and compares it. */
export interface ConstraintStrategy {
  storage(): ConstraintStore;
  deriveConstraint?(request: RawRequest): unknown;
  /** The router sets it on strategies that are not built in. */
  readonly isCustom?: boolean;
  readonly isAsync?: boolean;
}

/** The parts of find-my-way that this package uses. */
export interface FastifyRouter {
  find(method: string, url: string, constraints: object | undefined): RouterMatch | null;
  readonly constrainer: {
    readonly strategies: Readonly<Record<string, ConstraintStrategy | undefined>>;
    deriveConstraints(request: RawRequest, context?: unknown): object | undefined;
    newStoreForConstraint(name: string): ConstraintStore;
  };
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
    readonly opts: { readonly constraints?: Readonly<Record<string, unknown>> };
    readonly store: RouterMatch['store'];
  }[];
  readonly caseSensitive: boolean;
  readonly useSemicolonDelimiter?: boolean;
  onBadUrl: RouterAnswer | null;
  onMaxParamLength: RouterAnswer | null;
}

interface FastifyInternals {
  findRoute(options: { method: string; url: string }): unknown;
  readonly version: string;
}

/**
 * The router of a Fastify instance, the same object that routes its requests. A second router could have other options
 * or another version, and find another route.
 *
 * Fastify does not expose it, but its public `findRoute` calls a method of it. During that one synchronous call, the
 * method records its `this`.
 *
 * @throws Error if this version of Fastify stores its router elsewhere
 */
export function routerOf(instance: unknown): FastifyRouter {
  const fastify = instance as FastifyInternals;
  const second = notFoundRouterOf(instance as object);
  if (second === undefined) {
    throw notFound(fastify);
  }
  const prototype = Object.getPrototypeOf(second) as Record<string, unknown>;
  let router: unknown;
  const restore: (() => void)[] = [];
  for (const name of ['find', 'findRoute']) {
    const original = prototype[name];
    if (typeof original === 'function') {
      prototype[name] = function (this: unknown, ...values: unknown[]) {
        router = this;
        return original.apply(this, values);
      };
      restore.push(() => {
        prototype[name] = original;
      });
    }
  }
  try {
    fastify.findRoute({ method: 'GET', url: '/' });
  } finally {
    for (const undo of restore) {
      undo();
    }
  }
  if (router === undefined) {
    throw notFound(fastify);
  }
  return router as FastifyRouter;
}

/** The second router of a Fastify instance, for requests without a route in the first one. */
export function notFoundRouterOf(instance: object): FastifyRouter | undefined {
  for (let holder: object | null = instance; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const key of Object.getOwnPropertySymbols(holder)) {
      if (key.description === 'fastify.404') {
        const notFoundHandling = (holder as Record<symbol, { readonly router?: FastifyRouter } | undefined>)[key];
        return notFoundHandling?.router;
      }
    }
  }
  return undefined;
}

function notFound(fastify: FastifyInternals): Error {
  return new Error(
    `nestjs-cors cannot find the router of Fastify ${fastify.version}, which says which handler a preflight is for. ` +
      'Use a version of @nestjs/platform-fastify from the compatibility table of nestjs-cors.',
  );
}

/** Whether the router accepts a request target: one that starts with a slash, or an absolute one. */
export function isRoutable(url: string): boolean {
  return url.charCodeAt(0) === 0x2f || /^https?:\/\//i.test(url);
}
