import type { OriginPredicate, OriginResolverClass } from '../origin/origin-resolver.js';

/** The name of the policy that every application has: add nothing, remove nothing, pass preflights on to the platform. */
export const UNTOUCHED_POLICY = 'untouched';

/** When a disallowed cross-origin request is refused with 403 instead of being served without CORS headers. */
export type EnforceOption = false | 'unsafe-methods' | 'all';

/**
 * The origins a policy allows: `'*'` (or `true`), an origin, a pattern (`https://*.example.com`,
 * `https://app-git-*-acme.vercel.app`, `http://localhost:*`), a predicate, a class implementing `OriginResolver`, or a
 * list of origins and patterns. A RegExp is refused as `origin-expression`.
 */
export type OriginOption = string | true | OriginPredicate | OriginResolverClass | readonly string[];

/** A CORS policy as it is written, at the module, on a controller or on a handler. */
export interface CorsPolicyOptions {
  /**
   * The origins that may read responses. Write them as browsers send them: lower case, no default port, no trailing
   * slash, no path, punycode. Origins such as `app://.` are written exactly as sent. No default: a route without an
   * origin at any level is untouched.
   */
  readonly origin?: OriginOption;
  /**
   * The methods a preflight may ask for. `'*'` allows every method browsers can send. GET, HEAD and POST are never
   * refused: browsers send them whatever is listed.
   * @default the methods the handlers are mapped to
   */
  readonly methods?: readonly string[];
  /**
   * Request header names a preflight may ask for, case-insensitive. `'*'` allows every name; without credentials
   * `authorization` must still be named, as in the Fetch standard. Chromium 156, Firefox 153 and WebKitGTK 2.50 do not
   * follow the standard yet: they send `Authorization` under `*`, the first two with a warning.
   * @default ['content-type']
   * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
   */
  readonly allowedHeaders?: readonly string[];
  /**
   * Response header names scripts may read, beyond the safelisted ones. `'*'` is all of them, and is refused at boot
   * together with credentials, where browsers read it as a name.
   * @default []
   */
  readonly exposedHeaders?: readonly string[];
  /**
   * Whether requests may carry cookies, TLS client certificates and HTTP authentication.
   * @default false
   */
  readonly credentials?: boolean;
  /**
   * How long browsers may cache a preflight's answer, in whole seconds from 0 to 86400; Chromium keeps none longer than
   * 7200. Sent as 0 where handlers of one URL have different policies.
   * @default not sent; browsers then cache for 5 seconds
   */
  readonly maxAge?: number;
  /**
   * The status of an allowed preflight's answer, 200 to 299.
   * @default 204
   */
  readonly optionsSuccessStatus?: number;
  /**
   * Refuses requests from origins that are not allowed, with 403 and before their handler runs. `'unsafe-methods'` covers
   * every method except GET, HEAD and OPTIONS; `'all'` covers every method. Compares origins only, not methods or headers.
   * Requests without `Origin` and same-origin requests are exempt. Untouched routes enforce nothing.
   * @default false
   */
  readonly enforce?: EnforceOption;
  /**
   * Accept `http:` origins together with `credentials: true`. Anyone on the network path can then act as that origin.
   * @default false
   */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
}

/** The names of {@link CorsPolicyOptions}, in the order they are reported. */
export const POLICY_PROPERTIES = Object.freeze([
  'origin',
  'methods',
  'allowedHeaders',
  'exposedHeaders',
  'credentials',
  'maxAge',
  'optionsSuccessStatus',
  'enforce',
  'dangerouslyAllowInsecureOrigins',
] as const);

/** The name of one policy property. */
export type PolicyProperty = (typeof POLICY_PROPERTIES)[number];
