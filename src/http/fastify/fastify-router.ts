import type { RawRequest } from '../http-platform.js';

/** What a look-up of Fastify's router finds. */
export interface RouterMatch {
  /** The route's context, which carries its `config`; `null` for answers of the router's own. */
  readonly store: { readonly config?: object } | null;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly searchParams?: unknown;
}

/** An answer of the router's own. */
export type RouterAnswer = (path: string, request: RawRequest, response: object) => unknown;

/** Finds routes, as bits of a number, by the value of a constraint. */
export interface ConstraintStore {
  get(value: unknown): number | null | undefined;
  set(value: unknown, routes: number): unknown;
}

/** The strategy of the router for one constraint: reads it from a request and compares it. */
export interface ConstraintStrategy {
  storage(): ConstraintStore;
  deriveConstraint?(request: RawRequest): unknown;
  /** Set by the router on all but its own strategies. */
  readonly isCustom?: boolean;
  readonly isAsync?: boolean;
}

/** The parts of find-my-way that are relied on. */
export interface FastifyRouter {
  find(method: string, url: string, constraints: object | undefined): RouterMatch | null;
  readonly constrainer: {
    readonly strategies: Readonly<Record<string, ConstraintStrategy | undefined>>;
    deriveConstraints(request: RawRequest, context?: unknown): object | undefined;
    newStoreForConstraint(name: string): ConstraintStore;
  };
  readonly routes: readonly { readonly opts: { readonly constraints?: Readonly<Record<string, unknown>> } }[];
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
 * The very router that routes a Fastify instance's requests. Asking it is the only look-up that can not drift from
 * what requests really reach: no second router is filled, with other options or another version.
 *
 * Fastify does not hand it out, but its own public `findRoute` calls a method of it. For the length of that one
 * synchronous call the method notes what it was called on.
 *
 * @throws Error when this version of Fastify keeps its router where it is not found
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

/** The second router of a Fastify instance, which takes what the first one has no route for. */
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
    `nestjs-cors cannot find the router of Fastify ${fastify.version}, which it asks which handler a preflight is ` +
      'about. Use a version of @nestjs/platform-fastify from the compatibility table of nestjs-cors.',
  );
}

/** Only targets that start with a slash, or absolute `http:` ones, are routed. */
export function isRoutable(url: string): boolean {
  return url.charCodeAt(0) === 0x2f || /^https?:\/\//i.test(url);
}
