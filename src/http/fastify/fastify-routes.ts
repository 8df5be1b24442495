import type { RouteConstraint } from '../../routes/route-constraint.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import { ENFORCEMENT_CHECK, type EnforcementCheck, enforcesAnything } from '../enforcement.js';
import { noCandidates, type RawRequest, type RouteHandler, type RouteQuery } from '../http-platform.js';
import { noteHandler } from '../response-state.js';
import type { VersionFilters } from '../version-filters.js';
import { FastifyConstraints } from './fastify-constraints.js';
import type {
  FastifyAdapterPort,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from './fastify-port.js';
import type { FastifyRequests } from './fastify-requests.js';
import { type FastifyRouter, isRoutable, type RouterMatch } from './fastify-router.js';

/** A route as Fastify knows it: which entry it is, and the handler Fastify will really call. */
interface RouteCell {
  readonly entry: RouteEntry;
  readonly alone: readonly RouteEntry[];
  readonly noted: RouteHandler;
  /** The handler as the adapter hands it to Fastify: ours, or ours behind the adapter's own checks. */
  outer: RouteOptions['handler'] | undefined;
}

const NOT_DERIVED = Symbol('not derived');
/** A version that no handler has: handlers without versions answer it. */
const UNKNOWN_VERSION = Symbol('unknown version');

/**
 * The routes of a Fastify instance: remembers which entry each one is, names it on the responses of requests that
 * reach it, and asks Fastify's own router which one a method and URL would reach.
 */
export class FastifyRoutes {
  readonly #cellKey = Symbol('nestjs-cors.route');
  readonly #probe = { params: {} as unknown, raw: { url: '', originalUrl: '' }, reached: false };
  #registering: RouteCell | undefined;
  #hostBound = false;
  readonly #constraints: FastifyConstraints;
  readonly #instance: FastifyInstance;
  readonly #router: FastifyRouter;
  readonly #requests: FastifyRequests;
  readonly #adapter: FastifyAdapterPort;
  readonly #state: symbol;
  readonly #filters: VersionFilters;
  readonly #enforcement: EnforcementCheck;

  constructor(
    instance: FastifyInstance,
    router: FastifyRouter,
    requests: FastifyRequests,
    adapter: FastifyAdapterPort,
    state: symbol,
    filters: VersionFilters,
    enforcement: EnforcementCheck,
  ) {
    this.#instance = instance;
    this.#router = router;
    this.#requests = requests;
    this.#adapter = adapter;
    this.#state = state;
    this.#filters = filters;
    this.#enforcement = enforcement;
    this.#constraints = new FastifyConstraints(router, adapter.versionConstraint);
    this.#rememberRoutes();
  }

  /** Registers a route and remembers which entry it is. */
  register(entry: RouteEntry, registerWith: (wrap: (handler: RouteHandler) => RouteHandler) => unknown): unknown {
    this.#hostBound ||= entry.acceptsHost !== undefined;
    const instance = this.#instance;
    const route = instance.route;
    // What the adapter passes on is ours, or ours behind the adapter's own checks of a match. Plugins wrap handlers
    // later, and theirs are not ours to call.
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

  /** Whether more is needed of a request than the raw one tells, once it fails: its host, or how it was routed. */
  get #keepsRequests(): boolean {
    return this.#hostBound || this.#constraints.inUse;
  }

  /** Called with every request, before it is looked up. */
  see(request: FastifyRequest): void {
    if (this.#keepsRequests) {
      this.#requests.keep(request);
    }
  }

  /** See `HttpPlatform.constraintsOf`. */
  constraintsOf(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined {
    return this.#constraints.of(handler, versioned);
  }

  /** See `HttpPlatform.candidates`. */
  candidates(query: RouteQuery): readonly RouteEntry[] {
    const { url, preflight } = query;
    const known = query.request as FastifyRequest | RawRequest;
    const raw = 'raw' in known ? known.raw : known;
    if (preflight) {
      return isRoutable(url) ? this.#possible(query, raw) : noCandidates();
    }
    const request = 'raw' in known ? known : this.#keepsRequests ? this.#requests.keptFor(known) : undefined;
    const routed = request?.routeOptions; // Fastify makes a new object each time it is asked
    const cell = routed === undefined ? undefined : this.#cellOf(routed);
    if (request !== undefined && routed !== undefined && (cell !== undefined || !request.is404)) {
      return this.#reached(cell, request.params as RouterMatch['params'], url, query);
    }
    const constraints = this.#constraintsOf(raw);
    return isRoutable(url) && constraints !== NOT_DERIVED ? this.#find(query, constraints) : noCandidates();
  }

  /** The handlers that the actual request of a preflight may reach. */
  #possible(query: RouteQuery, raw: RawRequest): readonly RouteEntry[] {
    const constraints = this.#constraints;
    const derived = constraints.inUse ? constraints.shown(raw) : this.#constraintsOf(raw);
    // What a preflight's own headers come to says nothing of the request it announces.
    const shown = derived === NOT_DERIVED ? undefined : derived;
    const versioned = constraints.versions.size > 0 && this.#filters.canCarryVersion(query);
    if (!versioned && !constraints.inUse) {
      return this.#find(query, shown);
    }
    const found = new Set<RouteEntry>();
    const versions = versioned ? [...constraints.versions, UNKNOWN_VERSION].map((version) => ({ version })) : [];
    for (const hidden of constraints.sets()) {
      for (const version of [...versions, undefined]) {
        for (const entry of this.#find(query, { ...shown, ...hidden, ...version })) {
          found.add(entry);
        }
      }
    }
    return [...found];
  }

  #constraintsOf(raw: RawRequest): object | undefined | typeof NOT_DERIVED {
    try {
      return this.#router.constrainer.deriveConstraints(raw);
    } catch {
      return NOT_DERIVED; // a version extractor of the user's that throws: no route is reached
    }
  }

  #find(query: RouteQuery, constraints: object | undefined): readonly RouteEntry[] {
    let match: RouterMatch | null;
    try {
      match = this.#router.find(query.method, query.url, constraints);
    } catch {
      return noCandidates(); // a method that is no method, to a router that looks it up as a property
    }
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
      return true; // no check of this kind: a wrong "no" would answer with a wider policy
    }
    return probe.reached;
  }

  #noting(entry: RouteEntry, handler: RouteHandler): RouteHandler {
    const state = this.#state;
    const probe = this.#probe;
    const check = enforcesAnything(entry) ? this.#enforcement : undefined;
    const note = (request: object, reply: object): void => {
      if (entry.acceptsHost === undefined || entry.acceptsHost(this.#adapter.getRequestHostname(request) ?? '')) {
        const { raw } = reply as FastifyReply;
        noteHandler(raw, state, entry);
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
    const request = 'raw' in known ? known : this.#requests.of(known);
    return (request && this.#adapter.getRequestHostname(request)) ?? '';
  }

  /** Puts the cell of the route being registered where both the router and the request can be asked for it. */
  #rememberRoutes(): void {
    this.#instance.addHook('onRoute', (options) => {
      const cell = this.#registering;
      if (cell !== undefined) {
        options.config = { ...options.config, [this.#cellKey]: cell };
      }
    });
  }
}
