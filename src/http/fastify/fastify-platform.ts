import { VERSION_NEUTRAL } from '@nestjs/common';
import type { RouteConstraint } from '../../routes/route-constraint.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import {
  type GuardedResponse,
  guardHead,
  inheritedWriteHead,
  isNodes,
  protectHead,
  type WriteHead,
} from '../head/head-guard.js';
import {
  type EarlyAnswer,
  type HttpPlatform,
  type RawRequest,
  type RouteHandler,
  type RouteQuery,
} from '../http-platform.js';
import type { RequestHandling } from '../request-handling.js';
import { isGone } from '../response-state.js';
import type { VersionFilters } from '../version-filters.js';
import type {
  FastifyAdapterPort,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  OnRequestHook,
} from './fastify-port.js';
import { FastifyRequests } from './fastify-requests.js';
import { type FastifyRouter, notFoundRouterOf, type RouterAnswer, routerOf } from './fastify-router.js';
import { FastifyRoutes } from './fastify-routes.js';

/**
 * Fastify 5: hooks in through the adapter's request hook, which runs first; guards each head by an own `writeHead`;
 * asks Fastify's own router which handler a method and URL reach.
 */
export class FastifyPlatform implements HttpPlatform {
  readonly #instance: FastifyInstance;
  readonly #router: FastifyRouter;
  readonly #requests: FastifyRequests;
  readonly #routes: FastifyRoutes;
  readonly #writeHead: WriteHead;
  readonly #guardBefore: (original: WriteHead) => WriteHead;
  readonly #adapter: FastifyAdapterPort;
  readonly #handling: RequestHandling;

  constructor(adapter: FastifyAdapterPort, handling: RequestHandling, filters: VersionFilters) {
    this.#adapter = adapter;
    this.#handling = handling;
    this.#instance = adapter.getInstance() as FastifyInstance;
    this.#router = routerOf(this.#instance);
    this.#requests = new FastifyRequests(notFoundRouterOf(this.#instance));
    this.#routes = new FastifyRoutes(
      this.#instance,
      this.#router,
      this.#requests,
      adapter,
      handling.responseKeys.state,
      filters,
      handling.enforcement,
    );
    this.#writeHead = guardHead(inheritedWriteHead, (response) => handling.decisionAtHead(response), true);
    this.#guardBefore = (original) =>
      guardHead(
        () => original,
        (response) => handling.decisionInside(response),
        false,
      );
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
    // Fastify's own router is asked.
  }

  registerRoute(entry: RouteEntry, register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown): unknown {
    return this.#routes.register(entry, register);
  }

  servesVersions(handler: object, versions: readonly unknown[] = []): boolean {
    const { version } = handler as { readonly version?: unknown };
    const written = Array.isArray(version) ? version : version && version !== VERSION_NEUTRAL ? [version] : [];
    return written.length === versions.length && versions.every((one) => written.includes(one));
  }

  keeps(): boolean {
    return true; // the router compared the version, and a handler is noted only where its host fits
  }

  constraintsOf(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined {
    return this.#routes.constraintsOf(handler, versioned);
  }

  candidates(query: RouteQuery): readonly RouteEntry[] {
    return this.#routes.candidates(query);
  }

  pathname(url: string): string | undefined {
    const path = url.charCodeAt(0) === 0x2f ? url : url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
    const end = path.search(/[?#]/);
    return end === -1 ? path : path.slice(0, end);
  }

  listWriter(response: object): WriteHead | undefined {
    const guarded = response as GuardedResponse;
    const guard = this.#writeHead;
    const write = guarded.writeHead === guard ? inheritedWriteHead(guarded, guard) : undefined;
    return write !== undefined && isNodes(write) ? write : undefined;
  }

  rawPair(request: unknown, response: unknown): { readonly raw: RawRequest; readonly rawResponse: object } {
    return { raw: (request as FastifyRequest).raw, rawResponse: (response as FastifyReply).raw };
  }

  host(request: unknown): string | undefined {
    return (request as { readonly host?: string }).host;
  }

  present(): void {
    // Fastify's hook already has the request that handlers see.
  }

  #protect(response: GuardedResponse): void {
    protectHead(response, this.#writeHead, this.#guardBefore);
  }

  /** Guards the head and handles the request early. */
  #take(request: unknown, raw: RawRequest, response: GuardedResponse): EarlyAnswer {
    this.#protect(response); // an injected request passes no listener of the server
    if (response.req !== raw) {
      Reflect.set(response, 'req', raw); // serverless adapters make responses that know only the method
    }
    return this.#handling.early(request, raw, response);
  }

  #hookIn(): void {
    const adapter = this.#adapter;
    let others = adapter.onRequestHook;
    const passOn: OnRequestHook = (request, reply, done) =>
      others === undefined ? done() : others.call(adapter, request, reply, done);
    adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: (error?: unknown) => void) => {
      const response = reply.raw;
      this.#routes.see(request);
      const answer = this.#take(request, request.raw, response);
      if (answer === 'continue') {
        return passOn(request, reply, done);
      }
      if (answer === 'answered') {
        reply.hijack();
        return undefined;
      }
      // The adapter goes on where a hook calls back, and from Nest 12 also where its promise is fulfilled. One that is
      // never settled says nothing.
      return new Promise((resolve, reject) => {
        void answer.then((later) => {
          if (later === 'answered' || isGone(response)) {
            reply.hijack();
          } else if (!reply.sent) {
            passOnLater(passOn, request, reply, done)?.then(resolve, reject);
          }
        });
      });
    });
    // The adapter has one slot for this hook. A hook that is set later runs after ours.
    adapter.setOnRequestHook = (hook: unknown) => {
      others = hook as OnRequestHook | undefined;
    };
  }

  /** Some answers come from the router, or from a closing server, before any hook runs. */
  #guardRouterAnswers(): void {
    this.#instance.server.prependListener('request', (_raw, response) => this.#protect(response));
    // What has no route goes through a second router, which refuses malformed URLs in the same way.
    for (const router of [this.#router, notFoundRouterOf(this.#instance)]) {
      for (const name of ['onBadUrl', 'onMaxParamLength'] as const) {
        const answer = router?.[name];
        if (router !== undefined && typeof answer === 'function') {
          router[name] = (path, raw, response) => this.#answerBeforeRouter(answer, path, raw, response);
        }
      }
    }
  }

  /** Answers a preflight that the router is about to turn away for its URL; everything else is turned away. */
  #answerBeforeRouter(answer: RouterAnswer, path: string, raw: RawRequest, response: object): unknown {
    const early = this.#take(this.#requests.of(raw) ?? raw, raw, response as GuardedResponse);
    if (early === 'continue') {
      return answer(path, raw, response);
    }
    return early === 'answered'
      ? undefined
      : early.then((later) => (later === 'continue' ? answer(path, raw, response) : undefined));
  }
}

/** @returns the hook's promise, if it has one; what it throws no longer has a caller that would catch it */
function passOnLater(
  passOn: OnRequestHook,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: unknown) => void,
): PromiseLike<unknown> | undefined {
  try {
    const result = passOn(request, reply, done) as PromiseLike<unknown> | undefined;
    return typeof result?.then === 'function' ? result : undefined;
  } catch (error) {
    done(error);
    return undefined;
  }
}
