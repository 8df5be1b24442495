import { type RouteEntry } from '../../routes/route-entry.js';
import { type GuardedResponse, guardHead, type WriteHead } from '../head-guard.js';
import {
  type HttpPlatform,
  noCandidates,
  type RawRequest,
  type RouteHandler,
  type RouteQuery,
} from '../http-platform.js';
import type { RequestHandling } from '../request-handling.js';
import { captureTarget, isGone, type SlottedResponse } from '../response-state.js';
import type { VersionFilters } from '../version-filters.js';
import {
  type FastifyRouter,
  notFoundRouterOf,
  type RouterAnswer,
  type RouterMatch,
  routerOf,
} from './fastify-router.js';

interface RouteOptions {
  handler: (this: unknown, request: object, reply: object) => unknown;
  config?: object;
}

interface FastifyRequest {
  readonly raw: RawRequest;
  readonly is404: boolean;
  readonly params: unknown;
  readonly routeOptions: { readonly config?: object };
}

interface FastifyReply {
  readonly raw: GuardedResponse & SlottedResponse;
  hijack(): void;
}

interface FastifyInstance {
  addHook(name: 'onRoute', hook: (options: RouteOptions) => void): unknown;
  readonly server: {
    prependListener(event: 'request', listener: (request: RawRequest, response: GuardedResponse) => void): unknown;
  };
}

type OnRequestHook = (this: unknown, request: FastifyRequest, reply: FastifyReply, done: () => void) => unknown;

/** The part of Nest's Fastify adapter that is relied on. */
export interface FastifyAdapterPort {
  getInstance(): unknown;
  getRequestHostname(request: unknown): string | undefined;
  setOnRequestHook(hook: unknown): unknown;
  readonly onRequestHook?: OnRequestHook | undefined;
}

/** A route as Fastify knows it: which entry it is, and the handler Fastify will really call. */
interface RouteCell {
  readonly entry: RouteEntry;
  readonly alone: readonly RouteEntry[];
  readonly noted: RouteHandler;
  /** The handler as the adapter hands it to Fastify: ours, or ours behind the adapter's own checks. */
  outer: RouteOptions['handler'] | undefined;
}

/**
 * Fastify 5: hooks in through the adapter's request hook, which runs first; guards each head by an own `writeHead`;
 * asks Fastify's own router which handler a method and URL reach.
 */
export class FastifyPlatform implements HttpPlatform {
  readonly name = 'fastify';
  readonly #instance: FastifyInstance;
  readonly #cellKey = Symbol('nestjs-cors.route');
  readonly #router: FastifyRouter;
  readonly #writeHead: WriteHead;
  readonly #probe = { params: {} as unknown, raw: { url: '', originalUrl: '' }, reached: false };
  #registering: RouteCell | undefined;
  readonly #versions = new Set<unknown>();
  /** Fastify's requests by raw request, kept only where a host name may have to be read for a request that failed. */
  readonly #requests = new WeakMap<object, FastifyRequest>();
  #hostBound = false;

  constructor(
    private readonly adapter: FastifyAdapterPort,
    private readonly handling: RequestHandling,
    private readonly filters: VersionFilters,
  ) {
    this.#instance = adapter.getInstance() as FastifyInstance;
    this.#router = routerOf(this.#instance);
    this.#writeHead = guardHead(
      (response) => (Object.getPrototypeOf(response) as GuardedResponse).writeHead,
      (response) => handling.decisionAtHead(response),
      takesFlatList,
    );
    this.#rememberRoutes();
    this.#hookIn();
    this.#guardRouterAnswers();
  }

  get caseSensitive(): boolean {
    return this.#router.caseSensitive !== false;
  }

  registerRoute(entry: RouteEntry, register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown): unknown {
    for (const version of entry.versions ?? []) {
      this.#versions.add(version);
    }
    this.#hostBound ||= entry.acceptsHost !== undefined;
    try {
      return register((handler) => {
        const noted = this.#noting(entry, handler);
        this.#registering = { entry, alone: Object.freeze([entry]), noted, outer: undefined };
        return noted;
      });
    } finally {
      this.#registering = undefined;
    }
  }

  pathname(url: string): string | undefined {
    const path = url.charCodeAt(0) === 0x2f ? url : url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
    const end = path.search(this.#router.useSemicolonDelimiter === true ? /[?#;]/ : /[?#]/);
    return end === -1 ? path : path.slice(0, end);
  }

  host(request: unknown): string | undefined {
    return (request as { readonly host?: string }).host;
  }

  candidates(query: RouteQuery): readonly RouteEntry[] {
    const { url, preflight } = query;
    const request = query.request as FastifyRequest | undefined;
    if (!preflight && request?.routeOptions !== undefined && !request.is404) {
      return this.#reached(this.#cellOf(request.routeOptions), request.params as RouterMatch['params'], url, query);
    }
    if (!isRoutable(url)) {
      return noCandidates();
    }
    const raw = (request?.raw ?? query.request) as RawRequest;
    const constraints = this.#router.constrainer.deriveConstraints(raw);
    if (!preflight || this.#versions.size === 0 || !this.filters.canCarryVersion(query)) {
      return this.#find(query, constraints);
    }
    const found = new Set<RouteEntry>();
    for (const version of this.#versions) {
      for (const entry of this.#find(query, { ...constraints, version })) {
        found.add(entry);
      }
    }
    for (const entry of this.#find(query, constraints)) {
      found.add(entry);
    }
    return [...found];
  }

  #find(query: RouteQuery, constraints: object | undefined): readonly RouteEntry[] {
    const match = this.#router.find(query.method, query.url, constraints);
    return match === null || match.store === null
      ? noCandidates()
      : this.#reached(this.#cellOf(match.store), match.params, query.url, query);
  }

  #cellOf(holder: { readonly config?: object }): RouteCell | undefined {
    return (holder.config as Record<symbol, RouteCell | undefined> | undefined)?.[this.#cellKey];
  }

  /** The entry of a matched route, unless the adapter or a host filter would still turn the request away. */
  #reached(
    cell: RouteCell | undefined,
    params: RouterMatch['params'],
    url: string,
    query: RouteQuery,
  ): readonly RouteEntry[] {
    if (cell === undefined) {
      return noCandidates();
    }
    const { entry } = cell;
    if (entry.acceptsHost !== undefined && !entry.acceptsHost(this.#hostname(query))) {
      return noCandidates();
    }
    if (cell.outer !== undefined && cell.outer !== cell.noted && !this.#passesChecks(cell.outer, params, url)) {
      return noCandidates();
    }
    return cell.alone;
  }

  /** Runs the adapter's own checks of a match, with our handler at their end standing in for the real one. */
  #passesChecks(outer: RouteOptions['handler'], params: RouterMatch['params'], url: string): boolean {
    const probe = this.#probe;
    probe.params = params;
    probe.raw.url = url;
    probe.raw.originalUrl = url;
    probe.reached = false;
    try {
      outer.call(this.#instance, probe, { callNotFound() {} });
    } catch {
      return false;
    }
    return probe.reached;
  }

  #noting(entry: RouteEntry, handler: RouteHandler): RouteHandler {
    const state = this.handling.slots.state;
    const probe = this.#probe;
    const note = (request: object, reply: object): void => {
      if (entry.acceptsHost === undefined || entry.acceptsHost(this.adapter.getRequestHostname(request) ?? '')) {
        (reply as FastifyReply).raw[state] = entry;
      }
    };
    return function noted(this: unknown, request, reply, next) {
      if (request === (probe as object)) {
        probe.reached = true;
        return undefined;
      }
      note(request, reply);
      return handler.call(this, request, reply, next);
    };
  }

  #hostname(query: RouteQuery): string {
    const request = this.#requests.get(query.request as object) ?? query.request;
    return this.adapter.getRequestHostname(request) ?? '';
  }

  /** Puts the cell of the route being registered where both the router and the request can be asked for it. */
  #rememberRoutes(): void {
    this.#instance.addHook('onRoute', (options) => {
      const cell = this.#registering;
      if (cell !== undefined) {
        cell.outer = options.handler;
        options.config = { ...options.config, [this.#cellKey]: cell };
      }
    });
  }

  #protect(raw: RawRequest, response: GuardedResponse): void {
    const slotted = response as GuardedResponse & SlottedResponse & { writeHeader?: WriteHead };
    slotted[this.handling.slots.state] = captureTarget(raw.method ?? '', raw.url ?? '');
    if (slotted.writeHead !== this.#writeHead) {
      slotted.writeHead = this.#writeHead;
      slotted.writeHeader = this.#writeHead;
    }
  }

  #hookIn(): void {
    const { adapter, handling } = this;
    let others = adapter.onRequestHook;
    const passOn = (request: FastifyRequest, reply: FastifyReply, done: () => void) =>
      others === undefined ? done() : others.call(adapter, request, reply, done);
    adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      this.#protect(request.raw, reply.raw);
      if (this.#hostBound) {
        this.#requests.set(request.raw, request);
      }
      const answer = handling.early(request, request.raw, reply.raw);
      if (answer === 'continue') {
        return passOn(request, reply, done);
      }
      if (answer === 'answered') {
        reply.hijack();
        return undefined;
      }
      void answer.then((later) => {
        if (later === 'answered' || isGone(reply.raw)) {
          reply.hijack();
        } else {
          passOn(request, reply, done);
        }
      });
      return undefined;
    });
    // The adapter has one slot for this hook; whoever sets it later comes after us.
    adapter.setOnRequestHook = (hook: unknown) => {
      others = hook as OnRequestHook | undefined;
    };
  }

  /** Some answers come from the router, or from a closing server, before any hook runs. */
  #guardRouterAnswers(): void {
    this.#instance.server.prependListener('request', (raw, response) => this.#protect(raw, response));
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
    this.#protect(raw, response as GuardedResponse);
    const early = this.handling.early(raw, raw, response);
    if (early === 'continue') {
      return answer(path, raw, response);
    }
    return early === 'answered'
      ? undefined
      : early.then((later) => (later === 'continue' ? answer(path, raw, response) : undefined));
  }
}

/** Only targets that start with a slash, or absolute `http:` ones, are routed. */
function isRoutable(url: string): boolean {
  return url.charCodeAt(0) === 0x2f || /^https?:\/\//i.test(url);
}

/** HTTP/2 responses do not take flat lists of names and values. */
function takesFlatList(response: GuardedResponse): boolean {
  return !('stream' in response);
}
