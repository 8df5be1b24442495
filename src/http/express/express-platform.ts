import type { RouteEntry } from '../../routes/route-entry.js';
import type { RouteTree } from '../../routes/route-tree.js';
import type { CorsRequestHandling } from '../cors-request-handling.js';
import { isGone } from '../exchange.js';
import { type GuardedResponse, HeadGuard } from '../head/head-guard.js';
import type { HttpPlatform, RawRequest, RouteHandler, RouteQuery } from '../http-platform.js';
import type { RegisteredRoute } from '../registered-route.js';
import type { VersionFilters } from '../version-filters.js';
import { expressPathname } from './express-pathname.js';
import { type ExpressRouter, ExpressRoutes } from './express-routes.js';

/** The parts of an Express application that this package uses. */
interface ExpressApplication extends ExpressRouter {
  handle(request: object, response: object, next?: (error?: unknown) => void): unknown;
  readonly request: object;
  readonly response: object;
}

/** The part of Nest's Express adapter that this package uses. */
export interface ExpressAdapterPort {
  getInstance(): unknown;
  getRequestHostname(request: unknown): string | undefined;
  setNotFoundHandler?(handler: RouteHandler, ...others: unknown[]): unknown;
}

/** Marks an application that some copy of this package guards, on the prototype of its responses. */
const GUARDED = Symbol.for('nestjs-cors.guarded');

/**
 * Express 5. The hook replaces `handle` of the application, so that it runs before every layer of the router. Each
 * response gets its own `writeHead`, because nested applications give responses other prototypes.
 */
export class ExpressPlatform implements HttpPlatform {
  readonly semicolonDelimiter = false;
  readonly trustProxyCode = "app.set('trust proxy', 'loopback')";
  readonly #application: ExpressApplication;
  readonly #routes: ExpressRoutes;
  readonly #headGuard: HeadGuard;
  readonly #handling: CorsRequestHandling;

  constructor(adapter: ExpressAdapterPort, handling: CorsRequestHandling, versions: VersionFilters) {
    this.#handling = handling;
    this.#application = adapter.getInstance() as ExpressApplication;
    const hostname = (request: unknown) => adapter.getRequestHostname(request);
    this.#routes = new ExpressRoutes(this.#application, hostname, handling, versions);
    // Response loggers and serverless adapters read headers with getHeaders(), so they never go to Node in a list.
    this.#headGuard = new HeadGuard(handling, false);
    this.#claim();
    this.#hookIn();
    this.#noteNotFoundHandler(adapter);
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

  accepts(entry: RouteEntry, request: object): boolean {
    return this.#routes.accepts(entry, request);
  }

  constraintsOf(): undefined {
    // Express compares nothing but method, path, host and version.
  }

  candidates(query: RouteQuery): readonly RouteEntry[] {
    return this.#routes.candidates(query);
  }

  registeredRoutes(): readonly RegisteredRoute[] {
    return this.#routes.registeredRoutes();
  }

  pathname(url: string): string | undefined {
    return expressPathname(url);
  }

  listWriter(): undefined {
    // See the constructor.
  }

  rawResponse(response: object): object {
    return response;
  }

  host(request: unknown): string | undefined {
    this.#asExpressRequest(request);
    return (request as { readonly host?: string }).host;
  }

  scheme(request: unknown): string | undefined {
    this.#asExpressRequest(request);
    return (request as { readonly protocol?: string }).protocol;
  }

  requestOf(raw: RawRequest): object {
    return raw;
  }

  present(request: unknown, response: object): void {
    this.#asExpressRequest(request);
    (request as { res?: object }).res = response;
  }

  /**
   * Express does the same later. It slows down every read of the request, so it happens only where it is needed. The
   * requests of a mounted application inherit from ours, and stay its requests.
   */
  #asExpressRequest(request: unknown): void {
    const { request: prototype } = this.#application;
    if (!Object.prototype.isPrototypeOf.call(prototype, request as object)) {
      Object.setPrototypeOf(request, prototype);
    }
  }

  #hookIn(): void {
    const application = this.#application;
    const handle = application.handle;
    const handling = this.#handling;
    application.handle = (request, response, next) => {
      if (this.#routes.readsRequests) {
        this.present(request, response); // host and version filters read Express's request
      }
      const isNested = this.#headGuard.protect(response as GuardedResponse);
      const onward = isNested && next !== undefined ? passingOn(handling, response, next) : next;
      const answer = handling.early(request, request as RawRequest, response);
      if (answer === 'continue') {
        return handle.call(application, request, response, onward);
      }
      if (answer !== 'answered') {
        continueLater(answer, response, handle.bind(application, request, response, onward));
      }
      return undefined;
    };
  }

  /** Nest registers this handler as routes, at the paths that are excluded from the global prefix. */
  #noteNotFoundHandler(adapter: ExpressAdapterPort): void {
    const { setNotFoundHandler } = adapter;
    if (typeof setNotFoundHandler === 'function') {
      adapter.setNotFoundHandler = (handler, ...others) => {
        this.#routes.ignore(handler);
        return setNotFoundHandler.call(adapter, handler, ...others);
      };
    }
  }

  /**
   * @throws Error for an application that is marked. Each application knows its own handlers only, so neither can tell
   * which of the two handlers in the shared router a preflight is for.
   */
  #claim(): void {
    const { response } = this.#application;
    if (Object.hasOwn(response, GUARDED)) {
      throw new Error(
        'nestjs-cors: this Express instance already has an application with CorsModule. A second one would answer ' +
          'preflights for the routes of the first. Give each its own instance: `NestFactory.create(AppModule)`, or ' +
          "`new ExpressAdapter(express())`. To serve both on one port, mount one in the other below an 'untouched' path.",
      );
    }
    Object.defineProperty(response, GUARDED, { value: true });
  }
}

/** Separate, because V8 allocates for a closure even when its branch is not taken. */
function continueLater(answer: Promise<'continue' | 'answered'>, response: object, proceed: () => unknown): void {
  void answer.then((later) => {
    if (later === 'continue' && !isGone(response)) {
      proceed();
    }
  });
}

/** Wraps `next` of a nested application: if it does not answer, the outer application does, and decides. */
function passingOn(handling: CorsRequestHandling, response: object, next: (error?: unknown) => void) {
  return (error?: unknown) => {
    handling.passedOn(response);
    next(error);
  };
}
