import { Inject, Injectable } from '@nestjs/common';
import { CORS_RUNTIME } from '../boot/metadata/tokens.js';
import type { CorsExplanation, CorsExplanationRequest } from '../explanations/cors-explanation.js';
import { explain } from '../explanations/explain.js';
import type { CorsRoute } from '../explanations/listing/cors-route.js';
import { describeSnapshot } from '../explanations/listing/describe-snapshot.js';
import { describeTable } from '../explanations/listing/describe-table.js';
import { isCsrfExcluded } from '../http/enforcement/csrf-exclusion.js';
import type { HandshakeRequest } from '../http/handshake/handshake-request.js';
import { namedTarget } from '../policy/policy-source.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import type { CorsRuntime } from './cors-runtime.js';
import { findPolicy } from './find-policy.js';
import { OriginResolverService } from './origin-resolver.service.js';

/** Tells the application what its own CORS policies allow. */
@Injectable()
export class CorsService {
  readonly #origins: OriginResolverService;
  readonly #runtime: CorsRuntime;

  /** @internal */
  constructor(
    @Inject(OriginResolverService) origins: OriginResolverService,
    @Inject(CORS_RUNTIME) runtime: CorsRuntime,
  ) {
    this.#origins = origins;
    this.#runtime = runtime;
  }

  /**
   * Whether a policy allows an origin. For a WebSocket handshake use {@link isHandshakeAllowed}, or an adapter of
   * `nestjs-cors/websockets`: this method refuses the application's own pages, and native clients.
   *
   * @param origin as browsers send it, for example `https://app.example.com`
   * @param policyName a named policy; the application-wide policy by default. Policies of handlers have no name.
   * @returns true for every text if the policy allows `'*'`; false if it has no origin
   * @throws Error for an unknown policy name, and before the application is initialised
   */
  isOriginAllowed(origin: string, policyName?: string): Promise<boolean> {
    return this.#origins.resolve(origin, policyName);
  }

  /**
   * Whether a WebSocket handshake is allowed. The policy decides about the Origin, with its predicate or resolver. Also
   * allowed are pages of the server itself (`Sec-Fetch-Site: same-origin`, or an Origin with the scheme, host and port of
   * the request), and clients that send no Origin, because they are not browsers. A policy without an origin allows no
   * others, and so does every policy until the application is initialised.
   *
   * @param request the request of the `upgrade` event, or the request of Express or Fastify. Behind a proxy, its scheme
   * is right only with the trust-proxy setting of the platform
   * @param options `policy`: the name of a policy; by default the policy of the request's URL in `paths`, or else the
   * application-wide policy. `requireOrigin`: whether clients without an Origin are refused; `false` by default
   * @returns never rejects for what a client sends. If a resolver or predicate fails, the answer is `false`
   * @throws TypeError for a value that is not a request
   * @throws Error for an unknown policy name
   * @example
   * ```ts
   * server.on('upgrade', async (request, socket, head) => {
   *   if (await cors.isHandshakeAllowed(request)) {
   *     sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
   *   } else {
   *     socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
   *   }
   * });
   * ```
   */
  async isHandshakeAllowed(
    request: HandshakeRequest,
    { policy, requireOrigin }: { readonly policy?: string; readonly requireOrigin?: boolean } = {},
  ): Promise<boolean> {
    const headers: { readonly get?: unknown } | null | undefined = request?.headers;
    // The `Headers` of the Fetch API and some events of AWS have no property `origin`, so every page would look like a
    // native client.
    if (typeof headers !== 'object' || headers === null || typeof headers.get === 'function' || 'Origin' in headers) {
      throw new TypeError(
        'CorsService.isHandshakeAllowed(): `request` has no headers of Node, which have lower-case names. Pass the request of the handshake: the first argument of the `upgrade` event, or `client.request` of socket.io. For a Request of the Fetch API write `{ url: request.url, headers: Object.fromEntries(request.headers) }`.',
      );
    }
    const { application, handshakes } = this.#runtime;
    const named =
      policy === undefined || application === undefined
        ? []
        : [{ target: namedTarget(policy), policy: findPolicy(application, policy) }];
    const { allowed } = await handshakes.checkEvery(request, named, { requireOrigin });
    return allowed;
  }

  /**
   * Makes the `exclude` option of Nest 12's `enableCsrfProtection()`, which otherwise refuses what your policies allow.
   * Excluded is a request whose route has a policy with `credentials: true` that allows its origin: by its list, or by
   * the answer of its predicate or resolver for this request. Never excluded: any request under `'*'`, to untouched and
   * disabled routes and to ambiguous paths, with `Origin: null`, and before the application is initialised.
   *
   * Nest 11 has no such protection, so there the function has no use. It excludes only requests that the protection of
   * Nest checks.
   *
   * @param also your own predicate, for requests that are not excluded otherwise. It receives the request of the platform
   * and must be synchronous. Its errors are thrown.
   * @returns a function for one application. It throws no error of its own.
   * @example
   * ```ts
   * app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() });
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: the request of either platform
  csrfExclude(also?: (request: any) => boolean): (request: unknown) => boolean {
    return (request) => isCsrfExcluded(request) || (also?.(request) ?? false);
  }

  /**
   * Lists the routes of the application, each with the policy that applies to it and the place of each option. First
   * the handlers, then the entries of `paths`, then the routes that the application or a library such as Swagger
   * registered on Express or Fastify itself. Not in the list: middleware, which includes routers mounted with `use()`.
   *
   * @returns the routes that are registered now, frozen; none in an application without HTTP
   * @throws Error before the application is initialised
   * @example
   * ```ts
   * expect(cors.routes().filter(({ state }) => state === 'untouched')).toEqual([]);
   * ```
   */
  routes(): readonly CorsRoute[] {
    return this.#runtime.routes();
  }

  /**
   * Explains what happens to a request of a page: whether a browser lets the page read the response, everything that
   * refuses it, and what to change. Nothing is sent, no handler runs, and nothing is logged but failing resolvers. The
   * answers are those of a real request, because the same code gives them: with its versions, hosts and `paths`.
   *
   * Predicates and resolvers are called as for a request, with their cache and timeout. In their context, `request` is a
   * stand-in with a method, a URL and headers, in the class of the platform's requests. Middleware does not run.
   *
   * @example
   * ```ts
   * const explanation = await cors.explain({ method: 'DELETE', url: '/orders/7', origin: 'https://admin.example.com' });
   * console.log(String(explanation));
   * ```
   * @param request the request, as the page makes it
   * @throws TypeError for a request that no page can make: the message names the property and what to write
   * @throws Error before the application is initialised, and in an application without HTTP
   */
  async explain(request: CorsExplanationRequest): Promise<CorsExplanation> {
    return explain(this.#runtime.explained, request);
  }

  /**
   * Describes {@link routes} as text, in printable ASCII.
   *
   * @param form
   * - `table`: for a terminal. Routes are grouped by policy, in at most 60 lines, with a column for each origin if there
   *   are at most nine. Every route is counted once.
   * - `snapshot`: a line for each route, sorted, for `toMatchSnapshot` and git. A line has the path, and every option
   *   that differs from its default. It depends on no other route. Predicates and resolvers are named.
   * @throws TypeError for another form
   * @throws Error before the application is initialised
   * @example
   * ```ts
   * expect(cors.describe('snapshot')).toMatchSnapshot();
   * ```
   */
  describe(form: 'table' | 'snapshot' = 'table'): string {
    if (form !== 'table' && form !== 'snapshot') {
      throw new TypeError(`CorsService.describe(): \`form\` is ${quoteValue(form)}. Write 'table' or 'snapshot'.`);
    }
    const routes = this.routes();
    return form === 'snapshot' ? describeSnapshot(routes) : describeTable(routes);
  }
}
