import type { RouteConstraint } from '../routes/route-constraint.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { RouteTree } from '../routes/route-tree.js';
import type { WriteHead } from './head/head-guard.js';

/** What every request of both platforms is underneath: Node's, HTTP/2's or an injected one. */
export interface RawRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The URL that the client requested, if code before this application changed it. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a platform's router is asked: for the request that a preflight announces, or for one that has arrived. */
export interface RouteQuery {
  /** The platform's own request object. */
  readonly request: unknown;
  readonly method: string;
  /** The request target, as the router would be given it. */
  readonly url: string;
  /** The lower-case text of Access-Control-Request-Headers; absent for an actual request, which has its own version. */
  readonly requestedHeaders?: string | undefined;
  readonly preflight: boolean;
  /** Whether every version counts, also those the request that is announced can not have. */
  readonly anyVersion?: boolean;
}

/** What the early hook tells the platform to do. */
export type EarlyAnswer =
  /** Go on: the request takes its ordinary way. */
  | 'continue'
  /** The response was written. */
  | 'answered'
  /** One of the two, later. */
  | Promise<'continue' | 'answered'>;

/** What Nest registers with an adapter: (request, response, next). */
export type RouteHandler = (request: object, response: object, next?: (error?: unknown) => void) => unknown;

/** The facts of one platform: where to hook in, and what its router would do. Holds no policy. */
export interface HttpPlatform {
  /** Whether the router tells upper from lower case. Read after boot. */
  readonly caseSensitive: boolean;
  /** Whether the router takes what follows a semicolon for the query. */
  readonly semicolonDelimiter: boolean;
  /** Takes the routes that are going to be registered, by their paths. */
  expectRoutes(routes: RouteTree<RouteEntry>): void;
  /**
   * Everything else that the router compares before it chooses a handler and that a preflight does not show. Called at boot.
   * @param handler what Nest registers
   * @param versioned whether a version of its own is compared besides
   */
  constraintsOf(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined;
  /**
   * Registers a route with the platform's router and remembers which entry it is.
   * @param register runs the adapter's own method, with the handler wrapped by what it is given
   * @param elsewhere the path it is registered at, where it was not expected there
   */
  registerRoute(
    entry: RouteEntry,
    register: (wrap: (handler: RouteHandler) => RouteHandler) => unknown,
    elsewhere: string | undefined,
  ): unknown;
  /**
   * Whether a handler that Nest registers may be the one for these versions. Fastify's adapter writes the versions on the
   * handler. Express's does not, so every handler may be.
   */
  servesVersions(handler: object, versions: readonly unknown[] | undefined): boolean;
  /** Whether a handler that a request is handed to will not pass it on for its host or version. */
  keeps(entry: RouteEntry, request: object): boolean;
  /** The path of a request target, a semicolon and what follows included; `undefined` where the router reads none. */
  pathname(url: string): string | undefined;
  /** The raw request and response below the platform's own. */
  rawPair(request: unknown, response: unknown): { readonly raw: RawRequest; readonly rawResponse: object };
  /** The host and port that a request asks for, as the platform reports them (its trust-proxy setting respected). */
  host(request: unknown): string | undefined;
  /** Makes a request that was taken early what handlers see of it, for user code that is shown it. */
  present(request: unknown, response: object): void;
  /**
   * Node's own `writeHead`, where the headers of a response may go to it in one list, without being set on the response:
   * no other code reads them back, and no other code wraps its head.
   */
  listWriter(response: object): WriteHead | undefined;
  /** Every handler a request could reach, in the router's order: one, or several where a version is not known. */
  candidates(query: RouteQuery): readonly RouteEntry[];
}

const NO_CANDIDATES: readonly RouteEntry[] = Object.freeze([]);

/** The answer of a look-up that found no handler. */
export function noCandidates(): readonly RouteEntry[] {
  return NO_CANDIDATES;
}
