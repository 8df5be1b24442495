import type { RouteConstraint } from '../../routes/route-constraint.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { CorsRequestHandling } from '../cors-request-handling.js';
import { enforcesAnything } from '../enforcement/enforced-requests.js';
import { ENFORCEMENT_CHECK } from '../enforcement/enforcement-check.js';
import { noteHandler } from '../exchange.js';
import { NO_CANDIDATES, type RawRequest, type RouteHandler, type RouteQuery } from '../http-platform.js';
import type { RegisteredRoute } from '../registered-route.js';
import type { VersionFilters } from '../version-filters.js';
import { FastifyConstraints } from './fastify-constraints.js';
import type {
  FastifyAdapterPort,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from './fastify-port.js';
import { requestFor } from './fastify-requests.js';
import { fastifyRouteList } from './fastify-route-list.js';
import { type FastifyRouter, isRoutable, type RouterMatch } from './fastify-router.js';

/** A registered route: its entry, and the handler that Fastify calls. */
interface RouteCell {
  readonly entry: RouteEntry;
  /** The entry as the only candidate. */
  readonly alone: readonly RouteEntry[];
  /** The handler with the note of its entry. */
  readonly noted: RouteHandler;
  /** The handler that the adapter passes to Fastify: `noted`, or a function of the adapter that checks first and calls it. */
  outer: RouteOptions['handler'] | undefined;
}

const NOT_DERIVED = Symbol('not derived');
/** A version that no handler has: handlers without versions answer it. */
const UNKNOWN_VERSION = Symbol('unknown version');

/**
 * The routes of a Fastify instance. It remembers the entry of each route, notes it on the responses of requests that
 * reach the route, and looks up which route a method and URL would reach. Fastify's own router answers that.
 */
export class FastifyRoutes {
  readonly #cellKey = Symbol('nestjs-cors.route');
  readonly #probe = { params: {} as unknown, raw: { url: '', originalUrl: '' }, reached: false };
  readonly #instance: FastifyInstance;
  readonly #constraints: FastifyConstraints;
  #registering: RouteCell | undefined;
  readonly #adapter: FastifyAdapterPort;
  readonly #router: FastifyRouter;
  readonly #notFoundRouter: FastifyRouter | undefined;
  readonly #handling: CorsRequestHandling;
  readonly #filters: VersionFilters;

  constructor(
    adapter: FastifyAdapterPort,
    router: FastifyRouter,
    notFoundRouter: FastifyRouter | undefined,
    handling: CorsRequestHandling,
    filters: VersionFilters,
  ) {
    this.#adapter = adapter;
    this.#router = router;
    this.#notFoundRouter = notFoundRouter;
    this.#handling = handling;
    this.#filters = filters;
    this.#instance = adapter.getInstance() as FastifyInstance;
    this.#constraints = new FastifyConstraints(router, adapter.versionConstraint);
    this.#rememberRoutes();
  }

  /** Registers a route and remembers which entry it is. */
  register(entry: RouteEntry, registerWith: (wrap: (handler: RouteHandler) => RouteHandler) => unknown): unknown {
    const instance = this.#instance;
    const route = instance.route;
    // Plugins wrap handlers later. A wrapper of a plugin must not run for a look-up.
    instance.route = (options) => {
      if (this.#registering !== undefined) {
        this.#registering.outer = options.handler;
      }
      return route.call(instance, options);
    };
    try {
      return registerWith((handler) => {
        const noted = this.#noting(entry, handler);
        this.#registering = { entry, alone: Object.freeze([entry]), noted, outer: undefined };
        return noted;
      });
    } finally {
      this.#registering = undefined;
      instance.route = route;
    }
  }

  /** See `HttpPlatform.constraintsOf`. */
  constraintsOf(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined {
    return this.#constraints.of(handler, versioned);
  }

  /** See `HttpPlatform.candidates`. */
  candidates(query: RouteQuery): readonly RouteEntry[] {
    const { url } = query;
    const request = query.request as FastifyRequest | RawRequest;
    const raw = 'raw' in request ? request.raw : request;
    if (query.preflight) {
      return isRoutable(url) ? this.#possible(query, raw) : NO_CANDIDATES;
    }
    const routed = 'raw' in request ? request.routeOptions : undefined; // Fastify makes a new object for each read
    if (routed !== undefined) {
      const { is404, params } = request as FastifyRequest;
      const cell = this.#cellOf(routed);
      if (cell !== undefined || !is404) {
        return this.#reached(cell, params as RouterMatch['params'], url, query);
      }
    }
    const constraints = this.#constraintsOf(raw);
    return isRoutable(url) && constraints !== NOT_DERIVED ? this.#find(query, constraints) : NO_CANDIDATES;
  }

  /** See `HttpPlatform.registeredRoutes`. */
  registeredRoutes(): readonly RegisteredRoute[] {
    const entryOf = (store: { readonly config?: object } | null) =>
      store === null ? undefined : this.#cellOf(store)?.entry;
    return fastifyRouteList(this.#router, entryOf);
  }

  /** Every handler that the actual request of a preflight may reach. */
  #possible(query: RouteQuery, raw: RawRequest): readonly RouteEntry[] {
    const constraints = this.#constraints;
    const derived = constraints.inUse ? constraints.shown(raw) : this.#constraintsOf(raw);
    // An error for the headers of the preflight says nothing about the actual request.
    const shown = derived === NOT_DERIVED ? undefined : derived;
    const versioned = constraints.versions.size > 0 && this.#filters.canCarryVersion(query);
    if (!versioned && !constraints.inUse) {
      return this.#find(query, shown);
    }
    const found = new Set<RouteEntry>();
    for (const hidden of constraints.sets()) {
      for (const version of versioned ? [...constraints.versions, UNKNOWN_VERSION] : []) {
        this.#add(found, query, { ...shown, ...hidden, version });
      }
      this.#add(found, query, { ...shown, ...hidden });
    }
    return [...found];
  }

  #add(found: Set<RouteEntry>, query: RouteQuery, constraints: object): void {
    for (const entry of this.#find(query, constraints)) {
      found.add(entry);
    }
  }

  #constraintsOf(raw: RawRequest): object | undefined | typeof NOT_DERIVED {
    try {
      return this.#router.constrainer.deriveConstraints(raw);
    } catch {
      return NOT_DERIVED; // the application's own version extractor threw: no route is reached
    }
  }

  #find(query: RouteQuery, constraints: object | undefined): readonly RouteEntry[] {
    let match: RouterMatch | null;
    try {
      match = this.#router.find(query.method, query.url, constraints);
    } catch {
      return NO_CANDIDATES; // not a method: the router reads it as a property name
    }
    return match === null || match.store === null
      ? NO_CANDIDATES
      : this.#reached(this.#cellOf(match.store), match.params, query.url, query);
  }

  #cellOf(holder: { readonly config?: object }): RouteCell | undefined {
    return (holder.config as Record<symbol, RouteCell | undefined> | undefined)?.[this.#cellKey];
  }

  /** The entry of a matched route, unless the adapter or a host filter would still reject the request. */
  #reached(
    cell: RouteCell | undefined,
    params: RouterMatch['params'],
    url: string,
    query: RouteQuery,
  ): readonly RouteEntry[] {
    if (cell === undefined) {
      return NO_CANDIDATES;
    }
    const { entry } = cell;
    if (entry.acceptsHost !== undefined && !entry.acceptsHost(this.#hostname(query))) {
      return NO_CANDIDATES;
    }
    if (cell.outer !== undefined && cell.outer !== cell.noted && !this.#passesChecks(cell.outer, params, url)) {
      return NO_CANDIDATES;
    }
    return cell.alone;
  }

  /** Runs the adapter's own checks of a match. The noted handler recognises the probe and does not run. */
  #passesChecks(outer: RouteOptions['handler'], params: RouterMatch['params'], url: string): boolean {
    const probe = this.#probe;
    probe.params = params;
    probe.raw.url = url;
    probe.raw.originalUrl = url;
    probe.reached = false;
    try {
      outer.call(this.#instance, probe, { callNotFound() {} });
    } catch {
      return true; // not a check: a wrong "no" would lead to a wider policy
    }
    return probe.reached;
  }

  #noting(entry: RouteEntry, handler: RouteHandler): RouteHandler {
    const { responseKey, enforcement } = this.#handling;
    const probe = this.#probe;
    const check = enforcesAnything(entry) ? enforcement : undefined;
    const note = (request: object, reply: object): void => {
      if (entry.acceptsHost === undefined || entry.acceptsHost(this.#adapter.getRequestHostname(request) ?? '')) {
        const { raw } = reply as FastifyReply;
        noteHandler(raw, responseKey, entry);
        if (check !== undefined) {
          raw[ENFORCEMENT_CHECK] = check;
        }
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
    const known = query.request as FastifyRequest | RawRequest;
    const request = 'raw' in known ? known : requestFor(known, this.#notFoundRouter);
    return (request && this.#adapter.getRequestHostname(request)) ?? '';
  }

  /** Stores the cell of a route in its config, which both the router and the request have. */
  #rememberRoutes(): void {
    this.#instance.addHook('onRoute', (options) => {
      const cell = this.#registering;
      if (cell !== undefined) {
        options.config = { ...options.config, [this.#cellKey]: cell };
      }
    });
  }
}
