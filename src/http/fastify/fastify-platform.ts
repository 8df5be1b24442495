import type { RouteConstraint } from '../../routes/route-constraint.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { CorsRequestHandling } from '../cors-request-handling.js';
import { isGone } from '../exchange.js';
import { type GuardedResponse, HeadGuard, type WriteHead } from '../head/head-guard.js';
import type { EarlyAnswer, HttpPlatform, RawRequest, RouteHandler, RouteQuery } from '../http-platform.js';
import type { RegisteredRoute } from '../registered-route.js';
import type { VersionFilters } from '../version-filters.js';
import type {
  FastifyAdapterPort,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  OnRequestHook,
} from './fastify-port.js';
import { requestFor } from './fastify-requests.js';
import { type FastifyRouter, notFoundRouterOf, type RouterAnswer, routerOf } from './fastify-router.js';
import { FastifyRoutes } from './fastify-routes.js';

/**
 * Fastify 5. The hook is the adapter's request hook, which runs first. Each response gets its own `writeHead`.
 * Fastify's own router says which handler a method and URL reach.
 */
export class FastifyPlatform implements HttpPlatform {
  readonly trustProxyCode = "new FastifyAdapter({ trustProxy: '127.0.0.1' })";
  readonly #instance: FastifyInstance;
  readonly #router: FastifyRouter;
  /** Receives the requests that have no route. */
  readonly #notFoundRouter: FastifyRouter | undefined;
  readonly #routes: FastifyRoutes;
  readonly #headGuard: HeadGuard;
  readonly #adapter: FastifyAdapterPort;
  readonly #handling: CorsRequestHandling;

  constructor(adapter: FastifyAdapterPort, handling: CorsRequestHandling, filters: VersionFilters) {
    this.#adapter = adapter;
    this.#handling = handling;
    this.#instance = adapter.getInstance() as FastifyInstance;
    this.#router = routerOf(this.#instance);
    this.#notFoundRouter = notFoundRouterOf(this.#instance);
    this.#routes = new FastifyRoutes(adapter, this.#router, this.#notFoundRouter, handling, filters);
    this.#headGuard = new HeadGuard(handling, true);
    this.#hookIn();
    this.#guardRouterAnswers();
  }

  get semicolonDelimiter(): boolean {
    return this.#router.useSemicolonDelimiter === true;
  }

  get caseSensitive(): boolean {
    return this.#router.caseSensitive !== false;
  }

  expectRoutes(): void {
    // Fastify's own router finds them.
  }

  registerRoute(entry: RouteEntry, register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown): unknown {
    return this.#routes.register(entry, register);
  }

  servesVersions(handler: object, versions: readonly unknown[] = []): boolean {
    const { version } = handler as { readonly version?: unknown };
    // The only version that is no text is `VERSION_NEUTRAL`.
    const written = Array.isArray(version) ? version : typeof version === 'string' ? [version] : [];
    return written.length === versions.length && versions.every((one) => written.includes(one));
  }

  accepts(): boolean {
    return true; // the router compares versions, and a handler is noted only if its host matches
  }

  constraintsOf(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined {
    return this.#routes.constraintsOf(handler, versioned);
  }

  candidates(query: RouteQuery): readonly RouteEntry[] {
    return this.#routes.candidates(query);
  }

  registeredRoutes(): readonly RegisteredRoute[] {
    return this.#routes.registeredRoutes();
  }

  pathname(url: string): string | undefined {
    const path = url.charCodeAt(0) === 0x2f ? url : url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
    const end = path.search(/[?#]/);
    return end === -1 ? path : path.slice(0, end);
  }

  listWriter(response: object): WriteHead | undefined {
    return this.#headGuard.nodesWriteHead(response as GuardedResponse);
  }

  rawResponse(response: object): object {
    return (response as FastifyReply).raw;
  }

  host(request: unknown): string | undefined {
    return (request as { readonly host?: string }).host;
  }

  scheme(request: unknown): string | undefined {
    return (request as { readonly protocol?: string }).protocol;
  }

  requestOf(raw: RawRequest): object {
    return requestFor(raw, this.#notFoundRouter) ?? raw;
  }

  present(): void {
    // The hook already has the request that handlers see.
  }

  /** Guards the head and handles the request early. */
  #handleEarly(request: unknown, raw: RawRequest, response: GuardedResponse): EarlyAnswer {
    this.#headGuard.protect(response); // an injected request triggers no listener of the server
    if (response.req !== raw) {
      Reflect.set(response, 'req', raw); // a serverless adapter gives the response an object that has only the method
    }
    return this.#handling.early(request, raw, response);
  }

  #hookIn(): void {
    const adapter = this.#adapter;
    let others = adapter.onRequestHook;
    const passOn: OnRequestHook = (request, reply, done) =>
      others === undefined ? done() : others.call(adapter, request, reply, done);
    adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: (error?: unknown) => void) => {
      const answer = this.#handleEarly(request, request.raw, reply.raw);
      if (answer === 'continue') {
        return passOn(request, reply, done);
      }
      if (answer === 'answered') {
        reply.hijack();
        return undefined;
      }
      return continueLater(answer, reply, done, passOn.bind(undefined, request, reply, done));
    });
    // The adapter has one request hook. A hook that is set later runs after ours.
    adapter.setOnRequestHook = (hook: unknown) => {
      others = hook as OnRequestHook | undefined;
    };
  }

  /** The router, or a closing server, gives some answers before any hook runs. */
  #guardRouterAnswers(): void {
    this.#instance.server.prependListener('request', (_raw, response) => {
      this.#headGuard.protect(response);
    });
    // Both routers reject malformed URLs.
    for (const router of [this.#router, this.#notFoundRouter]) {
      for (const name of ['onBadUrl', 'onMaxParamLength'] as const) {
        const answer = router?.[name];
        if (router !== undefined && typeof answer === 'function') {
          router[name] = (path, raw, response) => this.#answerBeforeRouter(answer, path, raw, response);
        }
      }
    }
  }

  /** Answers a preflight whose URL the router rejects. The router answers any other request. */
  #answerBeforeRouter(answer: RouterAnswer, path: string, raw: RawRequest, response: object): unknown {
    const early = this.#handleEarly(this.requestOf(raw), raw, response as GuardedResponse);
    if (early === 'continue') {
      return answer(path, raw, response);
    }
    return early === 'answered'
      ? undefined
      : early.then((later) => (later === 'continue' ? answer(path, raw, response) : undefined));
  }
}

/**
 * Separate, because V8 allocates for a closure even when its branch is not taken.
 *
 * @returns a promise that stays pending unless the next hook returns one. From Nest 12 the adapter continues when the
 * promise of a hook is fulfilled, and not only when the hook calls back
 */
function continueLater(
  answer: Promise<'continue' | 'answered'>,
  reply: FastifyReply,
  done: (error?: unknown) => void,
  proceed: () => unknown,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    void answer.then((later) => {
      if (later === 'answered' || isGone(reply.raw)) {
        reply.hijack();
        return;
      }
      if (reply.sent) {
        return;
      }
      try {
        const result = proceed() as PromiseLike<unknown> | undefined;
        if (typeof result?.then === 'function') {
          result.then(resolve, reject);
        }
      } catch (error) {
        done(error); // no caller is left that would catch it
      }
    });
  });
}
