import type { RouteConstraint } from '../routes/route-constraint.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { RouteTree } from '../routes/route-tree.js';
import type { WriteHead } from './head/head-guard.js';
import type { RegisteredRoute } from './registered-route.js';

/** The request below the request of a platform: Node's, HTTP/2's or an injected one. */
export interface RawRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The URL that the client requested, if code before this application changed it. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A look-up in a platform's router: for the request that a preflight announces, or for a request that arrived. */
export interface RouteQuery {
  /** The platform's own request object. */
  readonly request: unknown;
  readonly method: string;
  /** The request target, as the router gets it. */
  readonly url: string;
  /** Access-Control-Request-Headers; absent for a request that arrived, which has its own version. */
  readonly requestedHeaders?: string | undefined;
  /** Whether the query is for the request that a preflight announces. */
  readonly preflight: boolean;
  /** Whether every version counts, even one that the announced request cannot have. */
  readonly anyVersion?: boolean;
}

/** The result of the early hook, which tells a platform how to continue. */
export type EarlyAnswer =
  /** The request goes on as usual. */
  | 'continue'
  /** The response is written. */
  | 'answered'
  /** One of the two, later. Never rejects. */
  | Promise<'continue' | 'answered'>;

/** A function that Nest registers with an adapter. */
export type RouteHandler = (request: object, response: object, next?: (error?: unknown) => void) => unknown;

/** One platform: hooks in, and knows which handler its router would choose. It knows no policies. */
export interface HttpPlatform {
  /** Whether the router tells upper from lower case. Read after boot. */
  readonly caseSensitive: boolean;
  /** Whether the router reads the text after a semicolon as the query. */
  readonly semicolonDelimiter: boolean;
  /** Receives the routes that Nest will register, by their paths. */
  expectRoutes(routes: RouteTree<RouteEntry>): void;
  /**
   * The constraints by which the router chooses a handler, and which a preflight does not show. Called at boot.
   * @param handler the function that Nest registers
   * @param versioned whether the router also compares a version of the handler
   */
  constraintsOf(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined;
  /**
   * Registers a route with the platform's router and remembers its entry.
   * @param register calls the adapter's own method, with the handler wrapped by `wrap`
   * @param elsewhere the path at which it is registered, if another one was expected
   */
  registerRoute(
    entry: RouteEntry,
    register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown,
    elsewhere: string | undefined,
  ): unknown;
  /**
   * Whether a handler that Nest registers may be the one for these versions. Fastify's adapter writes the versions on
   * the handler. Express's does not, so every handler may be.
   */
  servesVersions(handler: object, versions: readonly unknown[] | undefined): boolean;
  /** Whether the host and version filters of a handler accept a request that reached it. */
  accepts(entry: RouteEntry, request: object): boolean;
  /** The path of a request target, including a semicolon and the text after it; `undefined` if the router finds none. */
  pathname(url: string): string | undefined;
  /** The raw response below the response that handlers see. */
  rawResponse(response: object): object;
  /** The host and port that a request is for. The platform reports them, so its trust-proxy setting counts. */
  host(request: unknown): string | undefined;
  /** The scheme that a request came with, such as `https`. The platform reports it, so its trust-proxy setting counts. */
  scheme(request: unknown): string | undefined;
  /** The code that makes the platform trust a proxy on the same machine, for messages. */
  readonly trustProxyCode: string;
  /** The platform's own request for a raw one that no router has seen: the raw one itself where there is no other. */
  requestOf(raw: RawRequest): object;
  /** Gives a request, during the early hook, the form in which handlers see it. Predicates and resolvers get it. */
  present(request: unknown, response: object): void;
  /**
   * Node's own `writeHead`, if the headers of a response may go to it in one list, without being set on the response.
   * That needs a platform where no other code reads them back, and a response whose head no other code wraps.
   */
  listWriter(response: object): WriteHead | undefined;
  /** Every handler that a request may reach, in the router's order: one, or several where the version is not known. */
  candidates(query: RouteQuery): readonly RouteEntry[];
  /** Every route in the router now, those that Nest did not register included. */
  registeredRoutes(): readonly RegisteredRoute[];
}

/** The result of a look-up that found no handler. */
export const NO_CANDIDATES: readonly RouteEntry[] = Object.freeze([]);
