import { allCandidates, type CandidateVerdict, firstCandidate } from '../../routes/route-candidates.js';
import { answersMethod, type RouteEntry } from '../../routes/route-entry.js';
import { RouteTree } from '../../routes/route-tree.js';
import { guardHead, takesFlatList, type WriteHead } from '../head-guard.js';
import {
  type HttpPlatform,
  noCandidates,
  type RawRequest,
  type RouteHandler,
  type RouteQuery,
} from '../http-platform.js';
import type { RequestHandling } from '../request-handling.js';
import { isGone, keepTarget, type SlottedResponse } from '../response-state.js';
import type { VersionFilters } from '../version-filters.js';
import { expressPathname } from './express-pathname.js';

/** A layer of Express's router; it does the matching itself. */
interface RouterLayer {
  match(path: string): boolean;
  readonly route?: { readonly path: unknown; readonly stack: readonly HandlerLayer[] };
}

/** A handler within a route's layer. */
interface HandlerLayer {
  handle: RouteHandler;
}

/** The parts of an Express application that are relied on. */
interface ExpressApplication {
  handle(request: object, response: object, next?: (error?: unknown) => void): unknown;
  readonly request: object;
  readonly response: Record<'writeHead' | 'writeHeader', WriteHead>;
  readonly router: { readonly stack: readonly RouterLayer[]; readonly caseSensitive?: boolean };
}

/** The part of Nest's Express adapter that is relied on. */
export interface ExpressAdapterPort {
  getInstance(): unknown;
  getRequestHostname(request: unknown): string | undefined;
}

/** Marks the responses of an application that some copy of this package guards. */
const GUARDED = Symbol.for('nestjs-cors.guarded');

/** What is known of an entry whose route is registered. */
interface Registered {
  readonly order: number;
  readonly layer: RouterLayer;
  /** What was expected to be its path, or what turned out to be. */
  readonly path: string;
  /** Made for the first look-up that finds it. */
  alone: readonly RouteEntry[] | undefined;
}

/**
 * Express 5: hooks in where the application takes a request, before any layer of its router; guards heads through the
 * prototype that the application gives every response; looks routes up with the router's own layers.
 */
export class ExpressPlatform implements HttpPlatform {
  readonly name = 'express';
  readonly #application: ExpressApplication;
  #routes = new RouteTree<RouteEntry>();
  readonly #registered = new Map<RouteEntry, Registered>();
  readonly #orderOf = (entry: RouteEntry): number | undefined => this.#registered.get(entry)?.order;
  #filtered = false;
  #hostBound = false;

  constructor(
    private readonly adapter: ExpressAdapterPort,
    private readonly handling: RequestHandling,
    private readonly versions: VersionFilters,
  ) {
    this.#application = adapter.getInstance() as ExpressApplication;
    this.#hookIn();
    this.#guardHeads();
  }

  get caseSensitive(): boolean {
    return this.#application.router.caseSensitive === true;
  }

  expectRoutes(routes: RouteTree<RouteEntry>): void {
    // An application may be initialised again after it failed to: its first routes are still there.
    for (const [entry, { path }] of this.#registered) {
      routes.add(path, entry);
    }
    this.#routes = routes;
  }

  registerRoute(
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
      this.#registered.set(entry, { order: this.#registered.size, layer, path, alone: undefined });
      this.#filtered ||= entry.versions !== undefined;
      this.#hostBound ||= entry.acceptsHost !== undefined;
    }
    return result;
  }

  pathname(url: string): string | undefined {
    return expressPathname(url);
  }

  rawPair(request: unknown, response: unknown): { readonly raw: RawRequest; readonly rawResponse: object } {
    return { raw: request as RawRequest, rawResponse: response as object };
  }

  host(request: unknown): string | undefined {
    this.#asExpressRequest(request);
    return (request as { readonly host?: string }).host;
  }

  present(request: unknown, response: object): void {
    this.#asExpressRequest(request);
    (request as { res?: object }).res = response;
  }

  /** Does to a request what Express is about to do. Whatever Node or we read of it afterwards is read slowly. */
  #asExpressRequest(request: unknown): void {
    if (Object.getPrototypeOf(request) !== this.#application.request) {
      Object.setPrototypeOf(request, this.#application.request);
    }
  }

  candidates(query: RouteQuery): readonly RouteEntry[] {
    const path = expressPathname(query.url);
    if (path === undefined) {
      return noCandidates();
    }
    const router = { orderOf: this.#orderOf, check: (entry: RouteEntry) => this.#check(entry, path, query) };
    if (!this.#filtered) {
      return this.#alone(firstCandidate(this.#routes, path, router));
    }
    const found: RouteEntry[] = [];
    const covered = new Set<unknown>();
    const accepts = this.versions.reader(query);
    for (const entry of allCandidates(this.#routes, path, router)) {
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

  #alone(entry: RouteEntry | undefined): readonly RouteEntry[] {
    const registered = entry === undefined ? undefined : this.#registered.get(entry);
    if (entry === undefined || registered === undefined) {
      return noCandidates();
    }
    registered.alone ??= Object.freeze([entry]);
    return registered.alone;
  }

  #check(entry: RouteEntry, path: string, query: RouteQuery): CandidateVerdict {
    if (!answersMethod(entry.method, query.method)) {
      return 'no';
    }
    try {
      if (!this.#registered.get(entry)?.layer.match(path)) {
        return 'no';
      }
    } catch {
      return 'error'; // a parameter that cannot be decoded: the router answers 400
    }
    if (entry.acceptsHost === undefined) {
      return 'yes';
    }
    return entry.acceptsHost(this.adapter.getRequestHostname(query.request) ?? '') ? 'yes' : 'no';
  }

  /**
   * Only once it is registered: the adapter, and whoever extends it, are given Nest's own handler with all that stands
   * on it. A route for every method has a layer for each.
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
    const state = this.handling.slots.state;
    if (entry.versions === undefined && entry.acceptsHost === undefined) {
      return function noted(this: unknown, request, response, next) {
        (response as SlottedResponse)[state] = entry;
        return handler.call(this, request, response, next);
      };
    }
    // A version or host filter may pass the request on: then this handler was not reached after all.
    return function notedUnlessPassedOn(this: unknown, request, response, next) {
      const before = (response as SlottedResponse)[state];
      (response as SlottedResponse)[state] = entry;
      return handler.call(this, request, response, (error) => {
        (response as SlottedResponse)[state] = before;
        next?.(error);
      });
    };
  }

  #hookIn(): void {
    const application = this.#application;
    const handle = application.handle;
    const { handling } = this;
    application.handle = (request, response, next) => {
      if (this.#hostBound || this.#filtered) {
        this.present(request, response); // host names and versions are read from Express's request
      }
      const raw = request as RawRequest;
      const { state } = handling.slots;
      const before = (response as SlottedResponse)[state];
      const { method = '', url = '' } = raw; // as they arrived: what is asked early may rewrite them
      const answer = handling.early(request, raw, response);
      if (answer === 'answered') {
        return undefined;
      }
      keepTarget(response as SlottedResponse, state, before, method, url);
      if (answer === 'continue') {
        return handle.call(application, request, response, next);
      }
      void answer.then((later) => {
        if (later === 'continue' && !isGone(response)) {
          handle.call(application, request, response, next);
        }
      });
      return undefined;
    };
  }

  #guardHeads(): void {
    const { response } = this.#application;
    if (Object.hasOwn(response, GUARDED)) {
      throw new Error(
        'nestjs-cors: two applications with CorsModule share one Express instance, so that neither could decide. Give ' +
          'each its own: NestFactory.create(AppModule) without an adapter, or new ExpressAdapter(express()).',
      );
    }
    Object.defineProperty(response, GUARDED, { value: true });
    const original = Object.getPrototypeOf(response) as { writeHead: WriteHead };
    const guarded = guardHead(
      () => original.writeHead,
      (guardedResponse) => this.handling.decisionAtHead(guardedResponse),
      takesFlatList,
    );
    response.writeHead = guarded;
    response.writeHeader = guarded;
  }
}
