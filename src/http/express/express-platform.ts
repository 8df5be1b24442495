import type { RouteEntry } from '../../routes/route-entry.js';
import type { RouteTree } from '../../routes/route-tree.js';
import {
  type GuardedResponse,
  guardHead,
  inheritedWriteHead,
  protectHead,
  type WriteHead,
} from '../head/head-guard.js';
import type { HttpPlatform, RawRequest, RouteHandler, RouteQuery } from '../http-platform.js';
import type { RequestHandling } from '../request-handling.js';
import { isGone } from '../response-state.js';
import type { VersionFilters } from '../version-filters.js';
import { expressPathname } from './express-pathname.js';
import { type ExpressRouter, ExpressRoutes } from './express-routes.js';

/** The parts of an Express application that are relied on. */
interface ExpressApplication extends ExpressRouter {
  handle(request: object, response: object, next?: (error?: unknown) => void): unknown;
  readonly request: object;
  readonly response: object;
}

/** The part of Nest's Express adapter that is relied on. */
export interface ExpressAdapterPort {
  getInstance(): unknown;
  getRequestHostname(request: unknown): string | undefined;
}

/** Marks the responses of an application that some copy of this package guards. */
const GUARDED = Symbol.for('nestjs-cors.guarded');

/**
 * Express 5: hooks in where the application takes a request, before any layer of its router; guards each head by an own
 * `writeHead`, because applications inside give responses other prototypes.
 */
export class ExpressPlatform implements HttpPlatform {
  readonly semicolonDelimiter = false;
  readonly #application: ExpressApplication;
  readonly #routes: ExpressRoutes;
  readonly #writeHead: WriteHead;
  readonly #guardBefore: (original: WriteHead) => WriteHead;
  readonly #handling: RequestHandling;

  constructor(adapter: ExpressAdapterPort, handling: RequestHandling, versions: VersionFilters) {
    this.#handling = handling;
    this.#application = adapter.getInstance() as ExpressApplication;
    const hostname = (request: unknown) => adapter.getRequestHostname(request);
    this.#routes = new ExpressRoutes(this.#application, hostname, handling, versions);
    this.#writeHead = guardHead(inheritedWriteHead, (response) => handling.decisionAtHead(response), false);
    this.#guardBefore = (original) =>
      guardHead(
        () => original,
        (response) => handling.decisionInside(response),
        false,
      );
    this.#claim();
    this.#hookIn();
  }

  get caseSensitive(): boolean {
    return this.#application.router.caseSensitive === true;
  }

  expectRoutes(routes: RouteTree<RouteEntry>): void {
    this.#routes.expect(routes);
  }

  registerRoute(
    entry: RouteEntry,
    register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown,
    elsewhere: string | undefined,
  ): unknown {
    return this.#routes.register(entry, register, elsewhere);
  }

  servesVersions(): boolean {
    return true; // the filter in front of a handler does not tell its versions
  }

  keeps(entry: RouteEntry, request: object): boolean {
    return this.#routes.keeps(entry, request);
  }

  constraintsOf(): undefined {
    // Express chooses by method, path, host and version alone.
  }

  candidates(query: RouteQuery): readonly RouteEntry[] {
    return this.#routes.candidates(query);
  }

  pathname(url: string): string | undefined {
    return expressPathname(url);
  }

  listWriter(): undefined {
    // Response loggers and serverless adapters read with getHeaders().
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

  #hookIn(): void {
    const application = this.#application;
    const handle = application.handle;
    const handling = this.#handling;
    application.handle = (request, response, next) => {
      if (this.#routes.readsRequests) {
        this.present(request, response); // host names and versions are read from Express's request
      }
      const isInside = protectHead(response as GuardedResponse, this.#writeHead, this.#guardBefore);
      const onward = isInside && next !== undefined ? passingOn(handling, response, next) : next;
      const answer = handling.early(request, request as RawRequest, response);
      if (answer === 'continue') {
        return handle.call(application, request, response, onward);
      }
      if (answer !== 'answered') {
        void answer.then((later) => {
          if (later === 'continue' && !isGone(response)) {
            handle.call(application, request, response, onward);
          }
        });
      }
      return undefined;
    };
  }

  /** Marks the application as ours: two could not decide on one response. */
  #claim(): void {
    const { response } = this.#application;
    if (Object.hasOwn(response, GUARDED)) {
      throw new Error(
        'nestjs-cors: two applications with CorsModule share one Express instance, so that neither could decide. Give ' +
          'each its own: NestFactory.create(AppModule) without an adapter, or new ExpressAdapter(express()).',
      );
    }
    Object.defineProperty(response, GUARDED, { value: true });
  }
}

/** Called where the application did not answer: the application around it does, and decides. */
function passingOn(handling: RequestHandling, response: object, next: (error?: unknown) => void) {
  return (error?: unknown) => {
    handling.passedOn(response);
    next(error);
  };
}
