import {
  allCandidates,
  type CandidateVerdict,
  firstCandidate,
  type Ordered,
  type RouterOrder,
} from '../../routes/route-candidates.js';
import { answersMethod, type RouteEntry } from '../../routes/route-entry.js';
import { RouteTree } from '../../routes/route-tree.js';
import type { CorsRequestHandling } from '../cors-request-handling.js';
import { enforcesAnything } from '../enforcement/enforced-requests.js';
import { ENFORCEMENT_CHECK } from '../enforcement/enforcement-check.js';
import { isRewritten } from '../enforcement/rewritten-request.js';
import { exchangeOf, type KeyedResponse, noteHandler } from '../exchange.js';
import { NO_CANDIDATES, type RouteHandler, type RouteQuery } from '../http-platform.js';
import type { RegisteredRoute } from '../registered-route.js';
import type { VersionFilters } from '../version-filters.js';
import { expressPathname } from './express-pathname.js';
import { expressRouteList, type ListedRoute } from './express-route-list.js';

/** A layer of Express's router. It matches paths itself. */
interface RouterLayer {
  match(path: string): boolean;
  readonly route?: ListedRoute & { readonly stack: readonly HandlerLayer[] };
}

/** A handler within a route's layer. */
interface HandlerLayer {
  handle: RouteHandler;
}

/** The router of an Express application. */
export interface ExpressRouter {
  readonly router: { readonly stack: readonly RouterLayer[]; readonly caseSensitive?: boolean };
}

/** An entry whose route is registered. */
interface Registered extends Ordered {
  readonly entry: RouteEntry;
  /** The entry as the only candidate. */
  readonly alone: readonly RouteEntry[];
  readonly layer: RouterLayer;
  /** The path at which it is registered. */
  readonly path: string;
}

/**
 * The routes of an Express application. It remembers the entry of each route, notes it on the responses of requests
 * that reach the route, and looks up which route a method and URL would reach. The router's own layers match for that.
 */
export class ExpressRoutes implements RouterOrder<RouteEntry, Registered, RouteQuery> {
  #routes = new RouteTree<RouteEntry>();
  readonly #registered = new Map<RouteEntry, Registered>();
  readonly #ignored = new WeakSet<RouteHandler>();
  #filtered = false;
  #hostBound = false;
  readonly #application: ExpressRouter;
  readonly #hostname: (request: unknown) => string | undefined;
  readonly #handling: CorsRequestHandling;
  readonly #versions: VersionFilters;

  constructor(
    application: ExpressRouter,
    hostname: (request: unknown) => string | undefined,
    handling: CorsRequestHandling,
    versions: VersionFilters,
  ) {
    this.#application = application;
    this.#hostname = hostname;
    this.#handling = handling;
    this.#versions = versions;
  }

  /** Whether a host or version filter reads requests. */
  get readsRequests(): boolean {
    return this.#hostBound || this.#filtered;
  }

  /** See `HttpPlatform.expectRoutes`. */
  expect(routes: RouteTree<RouteEntry>): void {
    // If an application failed to initialise and does so again, its first routes are still there.
    for (const [entry, { path }] of this.#registered) {
      routes.add(path, entry);
    }
    this.#routes = routes;
  }

  /** See `HttpPlatform.registerRoute`. */
  register(
    entry: RouteEntry,
    register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown,
    elsewhere: string | undefined,
  ): unknown {
    const result = register((handler) => handler);
    const layer = this.#application.router.stack.at(-1);
    if (layer?.route !== undefined) {
      this.#note(entry, layer.route.stack);
      if (elsewhere !== undefined) {
        this.#routes.add(elsewhere, entry);
      }
      const path = elsewhere ?? entry.path;
      const order = this.#registered.size;
      this.#registered.set(entry, { order, entry, alone: Object.freeze([entry]), layer, path });
      this.#filtered ||= entry.versions !== undefined;
      this.#hostBound ||= entry.acceptsHost !== undefined;
    }
    return result;
  }

  /** See `HttpPlatform.candidates`. */
  candidates(query: RouteQuery): readonly RouteEntry[] {
    const path = expressPathname(query.url);
    if (path === undefined) {
      return NO_CANDIDATES;
    }
    if (!this.#filtered) {
      return firstCandidate(this.#routes, path, query, this)?.alone ?? NO_CANDIDATES;
    }
    const found: RouteEntry[] = [];
    const covered = new Set<unknown>();
    const hasVersion = query.preflight && this.#versions.canCarryVersion(query);
    for (const { entry } of allCandidates(this.#routes, path, query, this)) {
      const accepted = this.#versions.accepts(entry, query, hasVersion);
      if (accepted === 'yes') {
        found.push(entry);
        break;
      }
      if (accepted === 'maybe' && entry.versions?.some((version) => !covered.has(version))) {
        found.push(entry);
        for (const version of entry.versions) {
          covered.add(version);
        }
      }
    }
    return found;
  }

  /** Leaves the routes of a handler out of the list of registered routes. */
  ignore(handler: RouteHandler): void {
    this.#ignored.add(handler);
  }

  /** See `HttpPlatform.registeredRoutes`. */
  registeredRoutes(): readonly RegisteredRoute[] {
    const byLayer = new Map([...this.#registered.values()].map((registered) => [registered.layer, registered]));
    const layers = this.#application.router.stack.filter(
      ({ route }) => route === undefined || !route.stack.every(({ handle }) => this.#ignored.has(handle)),
    );
    return expressRouteList(layers, (layer) => byLayer.get(layer));
  }

  registered(entry: RouteEntry): Registered | undefined {
    return this.#registered.get(entry);
  }

  check({ entry, layer }: Registered, path: string, query: RouteQuery): CandidateVerdict {
    if (!answersMethod(entry.method, query.method)) {
      return 'no';
    }
    try {
      if (!layer.match(path)) {
        return 'no';
      }
    } catch {
      return 'error'; // a parameter that cannot be decoded: the router answers 400
    }
    if (entry.acceptsHost === undefined) {
      return 'yes';
    }
    return entry.acceptsHost(this.#hostname(query.request) ?? '') ? 'yes' : 'no';
  }

  /**
   * After the registration, so that the adapter and its subclasses get Nest's own handler with all its properties. A
   * route for every method has a layer for each.
   */
  #note(entry: RouteEntry, layers: readonly HandlerLayer[]): void {
    const handler = layers.at(-1)?.handle;
    if (handler !== undefined) {
      const noting = this.#noting(entry, handler);
      for (const layer of layers) {
        if (layer.handle === handler) {
          layer.handle = noting;
        }
      }
    }
  }

  #noting(entry: RouteEntry, handler: RouteHandler): RouteHandler {
    const { responseKey, enforcement } = this.#handling;
    const check = enforcesAnything(entry) ? enforcement : undefined;
    const isRefused = (request: object, response: object): boolean => {
      const exchange = exchangeOf(response, responseKey);
      if (exchange !== undefined) {
        exchange.entry = entry;
        if (
          isRewritten(request, exchange) &&
          this.accepts(entry, request) &&
          enforcement.refusesRewritten(entry, exchange)
        ) {
          return true;
        }
      }
      if (check !== undefined) {
        (response as KeyedResponse)[ENFORCEMENT_CHECK] = check;
      }
      return false;
    };
    if (entry.versions === undefined && entry.acceptsHost === undefined) {
      return function noted(this: unknown, request, response, next) {
        return isRefused(request, response) ? undefined : handler.call(this, request, response, next);
      };
    }
    // A version or host filter may pass the request on: then it did not reach this handler.
    return function notedUnlessPassedOn(this: unknown, request, response, next) {
      if (isRefused(request, response)) {
        return undefined;
      }
      return handler.call(this, request, response, (error) => {
        noteHandler(response, responseKey, undefined);
        next?.(error);
      });
    };
  }

  /** See `HttpPlatform.accepts`. */
  accepts(entry: RouteEntry, request: object): boolean {
    return entry.acceptsHost?.(this.#hostname(request) ?? '') !== false && this.#versions.passes(entry, request);
  }
}
