import { allCandidates, type CandidateVerdict, firstCandidate, type Ordered } from '../../routes/route-candidates.js';
import { answersMethod, type RouteEntry } from '../../routes/route-entry.js';
import { RouteTree } from '../../routes/route-tree.js';
import { ENFORCEMENT_CHECK, enforcesAnything } from '../enforcement.js';
import { noCandidates, type RouteHandler, type RouteQuery } from '../http-platform.js';
import type { RequestHandling } from '../request-handling.js';
import { noteHandler, type SlottedResponse, stateOf } from '../response-state.js';
import { isRewritten } from '../rewritten-request.js';
import type { VersionFilters } from '../version-filters.js';
import { expressPathname } from './express-pathname.js';

/** A layer of Express's router; it does the matching itself. */
interface RouterLayer {
  match(path: string): boolean;
  readonly route?: { readonly stack: readonly HandlerLayer[] };
}

/** A handler within a route's layer. */
interface HandlerLayer {
  handle: RouteHandler;
}

/** The part of an Express application that knows its routes. */
export interface ExpressRouter {
  readonly router: { readonly stack: readonly RouterLayer[]; readonly caseSensitive?: boolean };
}

/** What is known of an entry whose route is registered. */
interface Registered extends Ordered {
  readonly entry: RouteEntry;
  readonly layer: RouterLayer;
  /** What was expected to be its path, or what turned out to be. */
  readonly path: string;
}

/**
 * The routes of an Express application: remembers which entry each one is, names it on the responses of requests that
 * reach it, and looks up with the router's own layers which one a method and URL would reach.
 */
export class ExpressRoutes {
  #routes = new RouteTree<RouteEntry>();
  readonly #registered = new Map<RouteEntry, Registered>();
  readonly #registeredOf = (entry: RouteEntry): Registered | undefined => this.#registered.get(entry);
  #filtered = false;
  #hostBound = false;
  readonly #application: ExpressRouter;
  readonly #hostname: (request: unknown) => string | undefined;
  readonly #handling: RequestHandling;
  readonly #versions: VersionFilters;

  constructor(
    application: ExpressRouter,
    hostname: (request: unknown) => string | undefined,
    handling: RequestHandling,
    versions: VersionFilters,
  ) {
    this.#application = application;
    this.#hostname = hostname;
    this.#handling = handling;
    this.#versions = versions;
  }

  /** Whether a host name or a version is read from requests. */
  get readsRequests(): boolean {
    return this.#hostBound || this.#filtered;
  }

  /** Takes the routes that are going to be registered, by their paths. */
  expect(routes: RouteTree<RouteEntry>): void {
    // An application may be initialised again after it failed to: its first routes are still there.
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
      this.#registered.set(entry, { order, entry, layer, path });
      this.#filtered ||= entry.versions !== undefined;
      this.#hostBound ||= entry.acceptsHost !== undefined;
    }
    return result;
  }

  /** See `HttpPlatform.candidates`. */
  candidates(query: RouteQuery): readonly RouteEntry[] {
    const path = expressPathname(query.url);
    if (path === undefined) {
      return noCandidates();
    }
    const check = (registered: Registered) => this.#check(registered, path, query);
    const router = { registered: this.#registeredOf, check };
    if (!this.#filtered) {
      const found = firstCandidate(this.#routes, path, router);
      return found === undefined ? noCandidates() : [found.entry];
    }
    const found: RouteEntry[] = [];
    const covered = new Set<unknown>();
    const accepts = this.#versions.reader(query);
    for (const { entry } of allCandidates(this.#routes, path, router)) {
      const accepted = accepts(entry);
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

  #check({ entry, layer }: Registered, path: string, query: RouteQuery): CandidateVerdict {
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
    const handling = this.#handling;
    const { state: slot } = handling.responseKeys;
    const check = enforcesAnything(entry) ? handling.enforcement : undefined;
    if (entry.versions === undefined && entry.acceptsHost === undefined) {
      return function noted(this: unknown, request, response, next) {
        const state = stateOf(response, slot);
        if (state !== undefined) {
          state.entry = entry;
          if (isRewritten(request, state) && handling.refusesRewritten(entry, request, response)) {
            return undefined;
          }
        }
        if (check !== undefined) {
          (response as SlottedResponse)[ENFORCEMENT_CHECK] = check;
        }
        return handler.call(this, request, response, next);
      };
    }
    const keeps = (request: object): boolean => this.keeps(entry, request);
    // A version or host filter may pass the request on: then this handler was not reached after all.
    return function notedUnlessPassedOn(this: unknown, request, response, next) {
      const state = stateOf(response, slot);
      if (state !== undefined) {
        state.entry = entry;
        if (isRewritten(request, state) && keeps(request) && handling.refusesRewritten(entry, request, response)) {
          return undefined;
        }
      }
      if (check !== undefined) {
        (response as SlottedResponse)[ENFORCEMENT_CHECK] = check;
      }
      return handler.call(this, request, response, (error) => {
        noteHandler(response, slot, undefined);
        next?.(error);
      });
    };
  }

  /** See `HttpPlatform.keeps`. */
  keeps(entry: RouteEntry, request: object): boolean {
    const query = { request, method: '', url: '', preflight: false };
    return (
      entry.acceptsHost?.(this.#hostname(request) ?? '') !== false && this.#versions.reader(query)(entry) === 'yes'
    );
  }
}
