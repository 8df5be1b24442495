import type { OriginPredicate, OriginResolverClass } from '../origin/origin-resolver.js';

/** A policy that every application has. It adds nothing, removes nothing, and passes preflights on to the platform. */
export const UNTOUCHED_POLICY = 'untouched';

/** Which requests from disallowed origins get a 403. All others are served without CORS headers. */
export type EnforceOption = false | 'unsafe-methods' | 'all';

/** The pages that may embed responses: those of the same origin, of the same site, or all. */
export type ResourcePolicyOption = 'same-origin' | 'same-site' | 'cross-origin';

/**
 * The origins that a policy allows: `'*'` (or `true`), an origin, a pattern (`https://*.example.com`,
 * `https://app-git-*-acme.vercel.app`, `http://localhost:*`), a predicate, a class that implements `OriginResolver`, or a
 * list of origins and patterns. A RegExp stops the boot (`origin-expression`).
 */
export type OriginOption = string | true | OriginPredicate | OriginResolverClass | readonly string[];

/** The options of a CORS policy, for the module, a controller or a handler. */
export interface CorsPolicyOptions {
  /**
   * The origins that may read responses. Write them as browsers send them: in lower case and punycode, without default
   * port, trailing slash or path. Write origins such as `app://.` exactly as they are sent. There is no default: a
   * route without an origin at any level is untouched.
   */
  readonly origin?: OriginOption;
  /**
   * The methods that a preflight may ask for. `'*'` allows every method that browsers can send. GET, HEAD and POST are
   * always allowed, because browsers send them even if they are not listed.
   * @default the methods the handlers are mapped to
   * @see https://fetch.spec.whatwg.org/#http-access-control-allow-methods
   */
  readonly methods?: readonly string[];
  /**
   * The request headers that a preflight may ask for. Letter case does not matter. `'*'` allows every header, but
   * without credentials you must still list `authorization`, as in the Fetch standard. Chromium 156, Firefox 153 and
   * WebKitGTK 2.50 do not follow the standard yet: they send `Authorization` under `*`, the first two with a warning.
   * @default ['content-type']
   * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
   */
  readonly allowedHeaders?: readonly string[];
  /**
   * The response headers that scripts may read, besides the safelisted ones. `'*'` means all headers. Together with
   * credentials it stops the boot, because browsers then read it as a header name.
   * @default []
   * @see https://fetch.spec.whatwg.org/#http-access-control-expose-headers
   */
  readonly exposedHeaders?: readonly string[];
  /**
   * Whether requests may carry cookies, TLS client certificates and HTTP authentication.
   * @default false
   * @see https://fetch.spec.whatwg.org/#http-access-control-allow-credentials
   */
  readonly credentials?: boolean;
  /**
   * How long browsers may cache the response to a preflight, in whole seconds from 0 to 86400. Chromium caches for at
   * most 7200 seconds. If handlers of one URL have different policies, 0 is sent instead.
   * @default not sent; browsers then cache for 5 seconds
   * @see https://fetch.spec.whatwg.org/#http-access-control-max-age
   */
  readonly maxAge?: number;
  /**
   * The status of the response to an allowed preflight, from 200 to 299.
   * @default 204
   */
  readonly optionsSuccessStatus?: number;
  /**
   * Refuses requests from disallowed origins with 403, before their handler runs. `'unsafe-methods'` covers every
   * method except GET, HEAD and OPTIONS; `'all'` covers every method. It compares origins, not methods or headers.
   * Requests without `Origin` and same-origin requests are exempt. Untouched routes enforce nothing.
   * @default false
   */
  readonly enforce?: EnforceOption;
  /**
   * Serves the requests that `enforce` would refuse, and reports each as `would-refuse` in the log and on the channel
   * `nestjs-cors:decision`. Responses are those of a policy without `enforce`. Handlers whose version or other
   * constraint a preflight does not show, and requests that middleware rewrites, are still refused.
   * @default false
   */
  readonly enforceReportOnly?: boolean;
  /**
   * The `Cross-Origin-Resource-Policy` of every response of an open policy, refused ones included. It replaces the header
   * of other code, for example helmet's `same-origin`. It decides about embeds without CORS (`<img>`, `<script>`), and
   * not about what scripts may read.
   * @default nothing is sent, and the header of other code stays
   * @see https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
   */
  readonly resourcePolicy?: ResourcePolicyOption;
  /**
   * Allows `http:` origins together with `credentials: true`. Anyone on the network path can then act as that origin.
   * @default false
   */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
}

/** The names of {@link CorsPolicyOptions}, in the order in which their mistakes are reported. */
export const POLICY_PROPERTIES = Object.freeze([
  'origin',
  'methods',
  'allowedHeaders',
  'exposedHeaders',
  'credentials',
  'maxAge',
  'optionsSuccessStatus',
  'enforce',
  'enforceReportOnly',
  'resourcePolicy',
  'dangerouslyAllowInsecureOrigins',
] as const);

/** The name of one policy property. */
export type PolicyProperty = (typeof POLICY_PROPERTIES)[number];
